/** The scripted model server, for tests; the demo runs the same one. */
export { startScriptedModel, type ModelRequest, type ScriptedModel } from '../../src/openclaw/scripted-model.ts';
