import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Digests } from './constructs/digests.ts';
import { Ingestion } from './constructs/ingestion.ts';
import { MailSender } from './constructs/mail-sender.ts';
import type { DataStack } from './data-stack.ts';
import type { Settings } from './settings.ts';

export interface PipelineStackProps extends StackProps {
  readonly settings: Settings;
  readonly data: DataStack;
}

/** The way of a paper from its source to the mail. Holds no state: what it must remember is in the data stack. */
export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, { settings, data, ...props }: PipelineStackProps) {
    super(scope, id, { description: 'Broadsheet: ingest, plan, fan out, send', ...props });
    const { tables, linkKey } = data;
    const { publication, logRetentionDays: logRetention } = settings;

    new Ingestion(this, 'Ingestion', {
      papers: tables.papers,
      publicUrl: publication.publicUrl,
      logRetention,
    });

    const mailSender = new MailSender(this, 'MailSender', { fromAddress: publication.fromAddress });
    new Digests(this, 'Digests', { tables, publication, linkKey, mailSender, logRetention });
  }
}
