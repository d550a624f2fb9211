import { decodeWords } from 'postal-mime';
import { domainOf } from '../../shared/domain/address.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { toBareAddress } from './address.ts';
import type { EventMail } from './event.ts';
import { type HeaderField, isNamed, valuesOf } from './header-section.ts';
import type { Submission } from './submission.ts';

/** Where and for whom a message was accepted. */
export interface Acceptance {
  readonly messageId: string;
  readonly at: Instant;
  readonly region: string;
  /** Twelve digits: `123456789012`. */
  readonly accountId: string;
}

/** An accepted message as the events about it describe it. */
export function toEventMail(submission: Submission, acceptance: Acceptance): EventMail {
  const { source, identity, destinations, message } = submission;
  const { messageId, at, region, accountId } = acceptance;
  const fields = message.fields.filter((field) => field.name !== '' && !isNamed(field, 'Bcc'));
  return {
    timestamp: at,
    source,
    sourceArn: `arn:aws:ses:${region}:${accountId}:identity/${identity}`,
    sendingAccountId: accountId,
    messageId,
    destination: destinations,
    headersTruncated: false,
    headers: fields.map(({ name, value }) => ({ name, value })),
    commonHeaders: { ...toCommonHeaders(fields), messageId },
    tags: toTags(submission),
  };
}

function toCommonHeaders(fields: readonly HeaderField[]): EventMail['commonHeaders'] {
  const lists = ['From', 'To', 'Cc'].map((name) => [
    name.toLowerCase(),
    valuesOf(fields, name).map(decodeWords),
  ]);
  const texts = ['Date', 'Subject'].map((name) => [
    name.toLowerCase(),
    valuesOf(fields, name).map(decodeWords)[0],
  ]);
  return Object.fromEntries([
    ...lists.filter(([, values]) => values !== undefined && values.length > 0),
    ...texts.filter(([, value]) => value !== undefined),
  ]);
}

function toTags({ source, tags, configurationSet }: Submission): EventMail['tags'] {
  const own = tags.map(({ name }): [string, readonly string[]] => [
    name,
    tags.filter((tag) => tag.name === name).map(({ value }) => value),
  ]);
  return {
    'ses:operation': ['SendRawEmail'],
    ...(configurationSet && { 'ses:configuration-set': [configurationSet.name] }),
    'ses:source-ip': ['127.0.0.1'],
    'ses:from-domain': [domainOf(toBareAddress(source))],
    'ses:caller-identity': ['local'],
    ...Object.fromEntries(own),
  };
}
