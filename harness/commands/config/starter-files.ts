import type { Language, Project } from './detect-project.ts';

/** A file to begin with. */
export interface StarterFile {
  /** From the project's folder. */
  readonly name: string;
  readonly text: string;
}

/** What the files are made of. */
export interface StarterOptions {
  readonly project: Project;
  readonly command: readonly string[];
  /** Of this package. */
  readonly version: string;
}

const USERS = 10;
const CALLS = 10;

/** The configuration and a workflow for GitHub Actions, ready to be committed. */
export function starterFiles(options: StarterOptions): readonly StarterFile[] {
  return [configFile(options), workflowFile(options)];
}

function configFile({ project, command }: StarterOptions): StarterFile {
  const config = { command, users: USERS, calls: CALLS, scope: 'global', timeout: 120 };
  const json = JSON.stringify(config, null, 2);
  if (!project.isTypescript) return { name: 'nonceproof.config.json', text: `${json}\n` };
  const type = project.hasNonceproof
    ? ["import type { NonceproofConfig } from 'nonceproof/harness';", ' satisfies NonceproofConfig']
    : ['', ''];
  return {
    name: 'nonceproof.config.ts',
    text: `${type[0]}\n\nexport default ${json}${type[1]};\n`.trimStart(),
  };
}

const SETUPS: Readonly<Record<Language, readonly string[]>> = {
  node: [],
  python: ['- uses: actions/setup-python@v5', '  with:', "    python-version: '3.x'"],
  go: ['- uses: actions/setup-go@v5', '  with:', '    go-version: stable'],
  rust: [],
  other: [],
};

function workflowFile({ project, version }: StarterOptions): StarterFile {
  const program = project.hasNonceproof ? 'npx nonceproof' : `npx --yes nonceproof@${version}`;
  const steps = [
    '- uses: actions/checkout@v4',
    '- uses: actions/setup-node@v4',
    '  with:',
    '    node-version: 22',
    ...SETUPS[project.language],
    ...project.install.map((install) => `- run: ${install}`),
    `- run: ${program} verify --out nonceproof-out`,
    '- uses: actions/upload-artifact@v4',
    '  if: always()',
    '  with:',
    '    name: nonceproof',
    '    path: nonceproof-out',
  ];
  const text = [
    '# Runs the bot against a mock Kraken and fails when it breaks a rule. The real Kraken is never contacted.',
    'name: nonceproof',
    'on: [push, pull_request]',
    'permissions:',
    '  contents: read',
    'jobs:',
    '  verify:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 15',
    '    steps:',
    ...steps.map((line) => `      ${line}`),
    '',
  ].join('\n');
  return { name: '.github/workflows/nonceproof.yml', text };
}
