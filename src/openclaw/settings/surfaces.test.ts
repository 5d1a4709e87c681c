import assert from 'node:assert/strict';
import { test } from 'node:test';
import { surfacesOf } from './surfaces.ts';

const surface = (channel: string, settings: object) => surfacesOf({ config: { channels: { [channel]: settings } }, environment: {} })[0];

test('a room admits those who are named for it, or for all rooms; without names everybody in it', () => {
  const closed = { dmPolicy: 'allowlist', groupPolicy: 'allowlist', allowFrom: ['1'] };
  assert.equal(surface('discord', { ...closed, guilds: { 7: { users: ['1'] } } })?.admits, 'listed');
  assert.equal(surface('discord', { ...closed, guilds: { 7: { users: ['1'] }, 8: {} } })?.admits, 'group');
  assert.equal(surface('discord', { ...closed, guilds: { 7: { users: ['*'] } } })?.admits, 'anyone');
  assert.equal(surface('irc', { ...closed, groups: { '#a': { requireMention: true } }, groupAllowFrom: ['1'] })?.admits, 'listed');
  assert.equal(surface('irc', { ...closed, channels: ['#a'] })?.admits, 'group');
});

test('somebody who is named twice is one sender', () => {
  assert.deepEqual(surface('irc', { allowFrom: ['Ann'], groupAllowFrom: ['ann'], groups: { '#a': { allowFrom: ['ann'] } } })?.senders, ['irc ann']);
});

test('Matrix says under dm who may write to it', () => {
  assert.equal(surface('matrix', { dm: { policy: 'open' }, groupPolicy: 'disabled' })?.admits, 'anyone');
  const closed = surface('matrix', { dm: { policy: 'allowlist', allowFrom: ['@ann:m'] }, groupPolicy: 'disabled' });
  assert.deepEqual([closed?.admits, closed?.senders], ['listed', ['matrix @ann:m']]);
});
