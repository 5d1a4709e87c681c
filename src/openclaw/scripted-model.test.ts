import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startScriptedModel } from './scripted-model.ts';

const CONTEXT = { role: 'user', content: '<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nnone\n<<<END_OPENCLAW_INTERNAL_CONTEXT>>>' };
const HELPER_ENDED = { role: 'user', content: '[Sun] [[OPENCLAW_INTERNAL_CONTEXT_BEGIN]]\n[Internal task completion event]' };
const CALL = { role: 'user', content: 'TOOL exec {"command":"true"} ENDTOOL' };
const RESULT = { role: 'tool', content: 'ran' };

interface Reply {
  readonly choices: readonly { readonly message: { readonly content: string | null; readonly tool_calls?: readonly unknown[] } }[];
}

test('what OpenClaw adds of its own after a tool’s result is no part of the talk', async () => {
  const model = await startScriptedModel({ host: '127.0.0.1', port: 0 });
  const says = async (...messages: readonly object[]): Promise<string | null | undefined> => {
    const response = await fetch(`http://127.0.0.1:${model.port}/v1/chat/completions`, { method: 'POST', body: JSON.stringify({ messages }) });
    const message = ((await response.json()) as Reply).choices[0]?.message; // the scripted model's own
    return message?.tool_calls === undefined ? message?.content : `calls ${message.tool_calls.length}`;
  };
  try {
    assert.equal(await says(CALL, CONTEXT), 'calls 1');
    assert.equal(await says(CALL, { role: 'assistant' }, RESULT, CONTEXT, HELPER_ENDED), 'GOT ran');
    // After the turn's end it is a turn of its own, which must not call the tools of the last one again.
    assert.match(
      (await says(CALL, { role: 'assistant' }, RESULT, { role: 'assistant' }, HELPER_ENDED, CONTEXT)) ?? '',
      /^HEARD \[\[OPENCLAW_INTERNAL/,
    );
  } finally {
    await model.close();
  }
});
