/** Source: openclaw 2026.9.6 docs/channels/sms.md (Twilio). */
import { lower, phoneNumber, type ChannelProvider } from './provider.ts';

export const sms: ChannelProvider = {
  channel: 'sms',
  credentials: ['authToken'],
  variables: {
    TWILIO_ACCOUNT_SID: 'accountSid',
    TWILIO_AUTH_TOKEN: 'authToken',
    TWILIO_PHONE_NUMBER: 'fromNumber',
    TWILIO_SMS_FROM: 'fromNumber',
    TWILIO_MESSAGING_SERVICE_SID: 'messagingServiceSid',
    SMS_PUBLIC_WEBHOOK_URL: 'publicWebhookUrl',
  },
  *identities(account) {
    for (const [key, word, normal] of [
      ['fromNumber', 'number', phoneNumber],
      ['messagingServiceSid', 'messaging service', lower],
    ] as const) {
      const text = account.text(key);
      if (text !== undefined) yield { account: `${word} ${normal(text)}`, location: account.location(key) };
    }
  },
  *webhooks(account) {
    const url = account.text('publicWebhookUrl');
    if (url !== undefined) yield { url, location: account.location('publicWebhookUrl') };
  },
};
