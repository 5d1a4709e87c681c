import { cases } from '../testing/cases.ts';
import { atAcme, atBoth, credential, plusIdentities, plusSettings } from '../testing/secret-facts.ts';

const MAILBOX = plusSettings(({ channels }) => ({
  channels: { ...channels, mailboxes: [{ account: 'gmail account desk@a.example', from: 'config' }] },
}));

cases('channel.shared-mailbox-calendar', {
  ok: { 'a mailbox of its own': atAcme(MAILBOX) },
  ng: { 'one mailbox': atBoth(MAILBOX), 'one password of two mailboxes': atBoth(plusIdentities(credential('imap', 'x'))) },
});
