/** Where the key of a model provider is killed, for people. Source: the providers' own documentation, read 2026-11; a page may have been renamed since. */
const KEY_PAGES: Readonly<Record<string, string>> = {
  anthropic: 'console.anthropic.com → Settings → API keys → the key → Delete',
  openai: 'platform.openai.com → Settings → API keys → the key → Revoke',
  google: 'aistudio.google.com → API keys → the key → Delete; or Google Cloud console → APIs & Services → Credentials',
  openrouter: 'openrouter.ai → Settings → Keys → the key → Delete',
  mistral: 'console.mistral.ai → API Keys → the key → Delete',
  groq: 'console.groq.com → API Keys → the key → Delete',
  xai: 'console.x.ai → API Keys → the key → Delete',
  deepseek: 'platform.deepseek.com → API keys → the key → Delete',
  'amazon-bedrock': 'AWS console → IAM → the user → Security credentials → Access keys → Deactivate',
};

export function keyPage(provider: string): string {
  return Object.hasOwn(KEY_PAGES, provider) ? (KEY_PAGES[provider] ?? '') : `the console of ${provider}: the page where its keys are made`;
}
