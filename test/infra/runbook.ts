import { readFileSync } from 'node:fs';
import { RUNBOOK } from '../../infra/monitoring/alarm-spec.ts';

/** Returns the runbook's sections on alarms, by heading. */
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

/** Returns the parts that a section on an alarm lacks. Each part begins a paragraph with its name in bold. */
export function missingIn(section: string): readonly string[] {
  return ['Symptoms', 'Steps', 'It worked when'].filter((part) => !section.includes(`\n**${part}`));
}
