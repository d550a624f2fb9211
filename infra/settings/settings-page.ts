import { tableOf } from '../markdown-table.ts';
import { settingsExamples } from './examples.ts';
import { groupsOf } from './reference.ts';
import { settingsSchema } from './schema.ts';

/** The reference of all settings, `docs/settings.md`. */
export function toSettingsPage(): string {
  const sections = [
    '# Settings',
    'What an operator can set, and what it is where nobody does. Generated from `infra/settings/schema.ts` by `npm run docs`.',
    '## How to hand them over',
    `In a file of their own, which is named to every command that deploys:

\`\`\`sh
npm run deploy -- -c settings=prod.json
npm run diff -- -c settings=prod.json
\`\`\`

or as \`broadsheet\` in the \`context\` of \`cdk.json\`, which counts where no file is named. The two are not put together. A name that is no setting, a
value that does not fit and two that contradict each other are refused before anything is deployed, all at once, each with what is expected.

The fewest, for a try:`,
    toJsonBlock(settingsExamples.dev),
    'All of them, for a deployment that is kept, with a domain whose zone is in Route 53. Leave out what you do not need:',
    toJsonBlock(settingsExamples.prod),
    'In `cdk.json` the same stands in `{ "context": { "broadsheet": … } }`. Below each setting has its full name, as messages tell it. What is\nrequired in a group that may be left out as a whole is required with that group alone.',
    ...groupsOf(settingsSchema).flatMap(({ title, description, settings }) => [
      `## ${title}`,
      description,
      tableOf(
        ['Setting', 'Values', 'Default', 'Meaning'],
        settings.map(({ name, values, fallback = '', description: meaning }) => [
          `\`${name}\``,
          values,
          fallback,
          meaning,
        ]),
      ),
    ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function toJsonBlock(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const text = json.replace(/\[[\d,\s]+\]/g, (numbers) =>
    JSON.stringify(JSON.parse(numbers)).replaceAll(',', ', '),
  );
  return `\`\`\`json\n${text}\n\`\`\``;
}
