/** Where plugins and skills come from. Source: openclaw 2026.9.6 docs/tools/skills.md, docs/plugins/dependency-resolution.md, docs/help/environment.md. */
import type { CodeRootSetting } from '../../core/settings.ts';
import { expanded, textsAt, variable, type SettingsSource } from './source.ts';

const LISTS = [
  ['plugins', 'plugins.load.paths'],
  ['skills', 'skills.load.extraDirs'],
] as const;
const VARIABLES = [
  ['plugins', 'OPENCLAW_BUNDLED_PLUGINS_DIR'],
  ['skills', 'OPENCLAW_BUNDLED_SKILLS_DIR'],
  ['cache', 'npm_config_cache'],
  ['cache', 'PLAYWRIGHT_BROWSERS_PATH'],
] as const;

/** Those that somebody chose; `builtInCodeRoots` are always there as well. */
export function codeRootSettings(source: SettingsSource): readonly CodeRootSetting[] {
  const listed = LISTS.flatMap(([kind, key]) => textsAt(source, key).map((path) => ({ kind, ...path })));
  const named = VARIABLES.flatMap(([kind, name]) => {
    const path = variable(source, name);
    return path === undefined ? [] : [{ kind, ...path }];
  });
  return [...listed, ...named].map((root) => ({ ...root, value: expanded(source, root.value) })).filter(({ value }) => value.startsWith('/'));
}

/** Below its state directory and its home. */
export function builtInCodeRoots(state: string, environment: Readonly<Record<string, string>>): readonly CodeRootSetting[] {
  const home = variable({ config: {}, environment }, 'HOME')?.value;
  const cache = variable({ config: {}, environment }, 'XDG_CACHE_HOME')?.value ?? (home === undefined ? undefined : `${home}/.cache`);
  const root = (kind: CodeRootSetting['kind'], value: string): CodeRootSetting => ({ kind, value, from: 'default' });
  return [
    root('plugins', `${state}/npm`),
    root('plugins', `${state}/extensions`),
    root('skills', `${state}/skills`),
    ...(home === undefined ? [] : [root('skills', `${home}/.agents/skills`), root('cache', `${home}/.npm`)]),
    ...(cache === undefined ? [] : [root('cache', `${cache}/ms-playwright`)]),
  ];
}
