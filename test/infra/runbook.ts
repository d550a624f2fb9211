import { readFileSync } from 'node:fs';
import { RUNBOOK } from '../../infra/monitoring/alarm-spec.ts';

/** What the runbook has to say of each alarm: its sections by heading. */
export function readAlarmSections(): ReadonlyMap<string, string> {
  const [, alarms = ''] = readFileSync(RUNBOOK, 'utf8').split(/^# Alarms$/m);
  const [chapter = ''] = alarms.split(/^# /m);
  const sections = chapter.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading, lines.join('\n')];
    }),
  );
}

/** What a section lacks of what an operator needs. One paragraph may be two of them: `**Investigation, resolution.**`. */
export function missingIn(section: string): readonly string[] {
  const labels = [...section.matchAll(/^\*\*([^*]+)\.\*\*/gm)].map(([, label = '']) => label.toLowerCase());
  return ['description', 'investigation', 'resolution'].filter(
    (part) => !labels.some((label) => label.split(', ').includes(part)),
  );
}
