/** Reads the few keys of a launchd job that say what it starts. Source: launchd.plist(5); XML property lists only. */

export interface JobSaid {
  readonly label: string;
  readonly argv: readonly string[];
  readonly environment: readonly (readonly [string, string])[];
  readonly directory?: string;
  readonly user?: string;
}

/** Undefined when it is no XML property list with a program in it. */
export function readJob(text: string): JobSaid | undefined {
  const argv = [...(/<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text)?.[1] ?? '').matchAll(/<string>([\s\S]*?)<\/string>/g)];
  if (argv.length === 0) return undefined;
  const variables = /<key>EnvironmentVariables<\/key>\s*<dict>([\s\S]*?)<\/dict>/.exec(text)?.[1] ?? '';
  const textOf = (key: string): string | undefined => {
    const found = new RegExp(`<key>${key}</key>\\s*<string>([\\s\\S]*?)</string>`).exec(text)?.[1];
    return found === undefined ? undefined : plain(found);
  };
  const [directory, user] = [textOf('WorkingDirectory'), textOf('UserName')];
  return {
    label: textOf('Label') ?? '',
    argv: argv.map(([, word = '']) => plain(word)),
    environment: [...variables.matchAll(/<key>([\s\S]*?)<\/key>\s*<string>([\s\S]*?)<\/string>/g)].map(([, name = '', value = '']) => [
      plain(name),
      plain(value),
    ]),
    ...(directory === undefined ? {} : { directory }),
    ...(user === undefined ? {} : { user }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}
