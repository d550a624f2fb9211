/** Whether a run takes its time: `BROADSHEET_THOROUGH=1` tries many more inputs than the default run. */
export const isThorough = process.env.BROADSHEET_THOROUGH === '1';

/** How often a property test tries its property: as often as finds planted bugs, or many more times in a thorough run. */
export function runs(usual: number, thorough: number): number {
  return isThorough ? thorough : usual;
}
