import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { ingestPapersEnvSchema } from '../../functions/ingest-papers/env.ts';
import { sourceNames } from '../../shared/domain/lists.ts';
import type { ingestRequestSchema } from '../../shared/ports/queues.ts';
import type { Settings } from '../settings/schema.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { grantTable } from './grants.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';

export interface IngestionProps {
  readonly defaults: FunctionDefaults;
  readonly papers: TableV2;
  /** The web edition, named to the sources: `https://daily.example.org`. */
  readonly publicUrl: string;
  /** When each source is read, and where. */
  readonly lists: Settings['lists'];
}

/** Reads every source on its schedule into the table of papers. */
export class Ingestion extends Construct {
  readonly ingestPapers: NodeFunction;

  constructor(scope: Construct, id: string, { defaults, papers, publicUrl, lists }: IngestionProps) {
    super(scope, id);
    this.ingestPapers = new NodeFunction<z.input<typeof ingestPapersEnvSchema>>(this, 'IngestPapers', {
      defaults,
      folder: 'ingest-papers',
      description: 'Reads a source and keeps its papers',
      environment: {
        PAPERS_TABLE: papers.tableName,
        PUBLIC_URL: publicUrl,
        BROADSHEET_HF_URL: lists['hf-daily'].url,
      },
      // Waits for others most of the time; an answer of up to 16 MB is read as it comes, its items one by one.
      memorySizeMb: 512,
      // Several pages, each of which may take four attempts of 20 seconds; ends before its next turn comes.
      timeout: Duration.minutes(5),
      maxEventAge: Duration.minutes(10),
    });
    grantTable(papers, this.ingestPapers, 'GetItem', 'PutItem', 'Query');

    for (const source of sourceNames) {
      const request: z.input<typeof ingestRequestSchema> = { source };
      new FunctionSchedule(this, `Read-${source}`, {
        target: this.ingestPapers,
        description: `Reads ${source}`,
        minutes: lists[source].minutes,
        input: ScheduleTargetInput.fromObject(request),
      });
    }
  }
}
