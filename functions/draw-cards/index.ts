import { readFile } from 'node:fs/promises';
import { createDocumentClient } from '../../shared/adapters/dynamodb/table.ts';
import { createLambdaTelemetry } from '../../shared/adapters/lambda/telemetry.ts';
import { systemClock } from '../../shared/adapters/system-clock.ts';
import { parseEnvironment } from '../../shared/environment.ts';
import { drawCardsEnvSchema } from './env.ts';
import { createDrawCardsHandler } from './handler.ts';
import { createDrawCardsPorts } from './ports.ts';

const env = parseEnvironment(drawCardsEnvSchema, process.env);
const telemetry = createLambdaTelemetry('draw-cards', env, process.env);
const clients = {
  documents: createDocumentClient(),
  clock: systemClock,
  telemetry,
  // The bundle has a copy of every file beside its modules.
  readAsset: (path: string) => readFile(new URL(`./assets/${path}`, import.meta.url)),
};

export const handler = telemetry.published(
  createDrawCardsHandler(createDrawCardsPorts(env, clients), env.EDGE),
);
