import { Duration } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { ingestPapersEnvSchema } from '../../functions/ingest-papers/env.ts';
import { type SourceName, sourceNames } from '../../shared/domain/lists/lists.ts';
import type { ingestRequestSchema } from '../../shared/ports/queues.ts';
import { listsOf } from '../settings/derived.ts';
import { type ListsSettings, toListsText, toUrlsText } from '../settings/lists-schema.ts';
import { FunctionSchedule } from './function-schedule.ts';
import { grantOpenSearch, grantTable } from './grants.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';

export interface IngestionProps {
  readonly defaults: FunctionDefaults;
  readonly papers: TableV2;
  /** The URL of the pages, which sources see in the user agent: `https://daily.example.org`. */
  readonly publicUrl: string;
}

/** Reads every source on its schedule and stores the papers. */
export class Ingestion extends Construct {
  readonly ingestPapers: NodeFunction;

  constructor(scope: Construct, id: string, { defaults, papers, publicUrl }: IngestionProps) {
    super(scope, id);
    const { lists } = defaults.settings;
    this.ingestPapers = new NodeFunction<z.input<typeof ingestPapersEnvSchema>>(this, 'IngestPapers', {
      defaults,
      folder: 'ingest-papers',
      description: 'Reads a source and stores its papers',
      environment: {
        PAPERS_TABLE: papers.tableName,
        PUBLIC_URL: publicUrl,
        LISTS: toListsText(lists),
        SOURCE_URLS: toUrlsText(lists),
        FEEDS: lists.feed && JSON.stringify(lists.feed.feeds),
      },
      // Enough for several pages of four attempts each, at 20 seconds. It ends before the next run.
      timeout: Duration.minutes(5),
      maxEventAge: Duration.minutes(10),
    });
    grantTable(papers, this.ingestPapers, 'GetItem', 'BatchGetItem', 'PutItem', 'Query', 'DeleteItem');
    grantOpenSearch(defaults.settings, this.ingestPapers, 'index');

    for (const source of sourceNames) {
      const settings = lists[source];
      if (!settings) continue;
      const request: z.input<typeof ingestRequestSchema> = { source };
      new FunctionSchedule(this, `Read-${source}`, {
        target: this.ingestPapers,
        description: `Reads ${source}`,
        minutes: settings.minutes,
        timeZone: zoneOf(source, lists),
        input: ScheduleTargetInput.fromObject(request),
      });
    }
  }
}

/** Returns the zone of the calendars of a source. All its lists have the same. */
function zoneOf(source: SourceName, lists: ListsSettings): string {
  const list = listsOf({ lists }).find((followed) => followed.source === source);
  if (!list) throw new Error(`the source ${source} has no lists`);
  return list.calendar.timeZone;
}
