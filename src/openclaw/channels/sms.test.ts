import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accounts } from './testing/read.ts';

test('a number counts by its digits, a messaging service by its id', () => {
  assert.deepEqual(accounts({ channels: { sms: { accountSid: 'AC1', fromNumber: '+1 555 123-4567' } } }), ['sms number 15551234567']);
  assert.deepEqual(accounts({ variables: { TWILIO_SMS_FROM: '+15551234567' } }), ['sms number 15551234567']);
  assert.deepEqual(accounts({ channels: { sms: { messagingServiceSid: 'MG1' } } }), ['sms messaging service mg1']);
});
