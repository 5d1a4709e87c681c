import { cases } from '../testing/cases.ts';
import { atAcme, plusSettings } from '../testing/secret-facts.ts';

function allowing(channel: string, sender: string): ReturnType<typeof plusSettings> {
  return plusSettings(({ channels }) => ({ channels: { ...channels, senders: [{ channel, sender, from: 'paired' }] } }));
}

cases('channel.allowlist-overlap', {
  ok: { 'the same id on another channel': atAcme(allowing('signal', '4242')) },
  ng: { 'a sender of the other': atAcme(allowing('telegram', '4242')) },
});
