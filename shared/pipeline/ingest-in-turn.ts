import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/time.ts';
import type { RequestTurns } from '../ports/http.ts';
import type { Source } from '../sources/source.ts';
import { type IngestPorts, type IngestSummary, ingest } from './ingest.ts';

export interface IngestInTurnPorts extends IngestPorts {
  readonly turns: RequestTurns;
}

/**
 * Reads a source as {@link ingest} does. A source that lists each paper once is read by one run at a time.
 *
 * Two runs at once could lose papers. The first saves how far the source was read. If the second then dies between saving papers and
 * writing their snapshots, no run reads those papers again. A single run that dies is repeated by the next one.
 *
 * @param until when the turn ends by itself, if the run dies. No run may last longer
 * @returns undefined if another run reads the source.
 * @throws the errors of `ingest`
 */
export async function ingestInTurn(
  ports: IngestInTurnPorts,
  source: Source,
  until: Instant,
  signal?: AbortSignal,
): Promise<IngestSummary | undefined> {
  if (!source.listsOnce) return ingest(ports, source, signal);
  const { turns, clock, telemetry } = ports;
  const system = `ingest:${source.name}`;
  const holder = randomUUID();
  const turn = await turns.take(system, { holder, at: clock.now(), until });
  if (turn.kind !== 'taken') {
    telemetry.info('Another run reads the source', { source: source.name, until: turn.until });
    return undefined;
  }
  try {
    return await ingest(ports, source, signal);
  } finally {
    // Its failure must not replace the result of the run. The turn then ends by itself at `until`.
    await turns
      .end(system, holder, clock.now())
      .catch((error: unknown) => telemetry.warn('The turn to read a source was not given back', { error }));
  }
}
