/** A small change that makes the product wrong. */
export interface PlantedBug {
  readonly what: string;
  readonly file: string;
  /** The text to replace. The file contains it exactly once. */
  readonly before: string;
  readonly after: string;
  /** The test files or folders in which at least one test must fail with the bug. */
  readonly tests: readonly string[];
}

const LEDGER = ['test/fakes/repositories.test.ts', 'test/shared/adapters/dynamodb'];

/** Bugs that would mail a reader twice, lose a digest or a paper, exceed the account's limits, or falsify the audit. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    what: 'a digest is settled as sent before it is sent',
    file: 'shared/pipeline/sending/send-digest.ts',
    before: '    const result = await mailer.send(claimed.mail);',
    after:
      "    await recordResult(ports, claimed.claim, { kind: 'accepted', messageId: 'm' });\n    const result = await mailer.send(claimed.mail);",
    tests: ['test/shared/pipeline'],
  },
  {
    what: 'a claim is written without its condition',
    file: 'shared/adapters/dynamodb/delivery-repository.ts',
    before: "await put(delivery, origin, isReadyFor('claim'), claimId)",
    after: "await put(delivery, origin, { expression: 'attribute_not_exists(anything)' }, claimId)",
    tests: LEDGER,
  },
  {
    what: 'a claim is settled by a worker that no longer holds it',
    file: 'shared/adapters/dynamodb/delivery-repository.ts',
    before: "    expression: 'writeId = :claimId AND outcome.#state = :state',",
    after: "    expression: 'outcome.#state = :state OR writeId <> :claimId',",
    tests: LEDGER,
  },
  {
    what: 'messages that a queue refused are lost',
    file: 'shared/pipeline/enqueue-all.ts',
    before: '    pending = await queue.enqueue(pending, delaySec);',
    after: '    await queue.enqueue(pending, delaySec);\n    pending = [];',
    tests: ['test/shared/pipeline'],
  },
  {
    what: 'entries that SQS refused in a batch count as accepted',
    file: 'shared/adapters/sqs/queue.ts',
    before: '    return entries.filter((_, position) => refused.has(String(position)))',
    after: '    return (refused.size === entries.length ? entries : [])',
    tests: ['test/shared/adapters/sqs.test.ts'],
  },
  {
    what: 'the source’s cursor is saved as soon as an answer is fetched',
    file: 'shared/pipeline/ingest.ts',
    before: '    await keep(answer);',
    after:
      '    await ports.sourceStates.save(source.name, { lists: {}, ...previous, cursor: answer.cursor });\n    await keep(answer);',
    tests: ['test/shared/pipeline/ingest.test.ts', 'test/flow/replay.test.ts'],
  },
  {
    what: 'the planner moves on before its editions are queued',
    file: 'shared/pipeline/plan.ts',
    before: '    await enqueueAll(ports.cohortQueue, messages);',
    after: '    void enqueueAll(ports.cohortQueue, messages).catch(() => {});',
    tests: ['test/shared/pipeline/plan.test.ts'],
  },
  {
    what: 'an unknown time zone stops the planner',
    file: 'shared/pipeline/plan.ts',
    before: '      if (!(error instanceof RangeError)) throw error;\n      return error;',
    after: '      throw error;',
    tests: ['test/shared/pipeline/plan.test.ts'],
  },
  {
    what: 'the planner repeats an interrupted run from its start',
    file: 'shared/pipeline/plan.ts',
    before: '({ key }) => key > run.after',
    after: "({ key }) => key > ''",
    tests: ['test/shared/pipeline/plan.test.ts'],
  },
  {
    what: 'the papers of an unreadable ledger record are sent again',
    file: 'shared/adapters/dynamodb/delivery-repository.ts',
    before: '    paperIds: named.flatMap(({ data }) => data ?? []),',
    after: '    paperIds: named.flatMap(() => []),',
    tests: ['test/shared/adapters/dynamodb/stored-items.test.ts'],
  },
  {
    what: 'fan-out counts a page as done before it is queued',
    file: 'shared/pipeline/fan-out.ts',
    before: '  await enqueueAll(digestsQueue, messages);',
    after: '  void enqueueAll(digestsQueue, messages).catch(() => {});',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'fan-out reads the cohort again after a crash instead of the recorded page',
    file: 'shared/pipeline/fan-out.ts',
    before: '  if (start.isComplete || start.pending) return start;',
    after: '  if (start.isComplete) return start;',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'fan-out does not continue in another invocation',
    file: 'shared/pipeline/fan-out.ts',
    before: '    await enqueueAll(ports.cohortQueue, [message]);',
    after: '',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'fan-out forgets a batch that an earlier release recorded before a crash',
    file: 'shared/pipeline/fan-out.ts',
    before: '  return recorded ? {',
    after: '  return recorded && !recorded ? {',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'fan-out removes a cohort that has members',
    file: 'shared/pipeline/fan-out.ts',
    before: 'if (isComplete && planned === 0)',
    after: 'if (planned === 0)',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'a digest that was not sent ends a row of soft bounces',
    file: 'shared/pipeline/feedback.ts',
    before: ".filter(({ outcome }) => outcome.state === 'sent')",
    after: '',
    tests: ['test/shared/pipeline/feedback.test.ts'],
  },
  {
    what: 'fan-out continues after an id that was removed from a batch',
    file: 'shared/pipeline/fan-out.ts',
    before: 'recorded.filter(isSubscriberId).at(-1) ?? after',
    after: 'recorded.at(-1)',
    tests: ['test/shared/pipeline/fan-out.test.ts'],
  },
  {
    what: 'a delivery time uses the offset at the day’s start, even on the day of a clock change',
    file: 'shared/domain/delivery-times.ts',
    before: 'isPlain ? startMs + hour * MS_PER_HOUR : firstInstantAt(day, hour, start.timeZoneId)',
    after: 'isPlain || firstInstantAt ? startMs + hour * MS_PER_HOUR : 0',
    tests: ['test/shared/domain/delivery-times.test.ts'],
  },
  {
    what: 'an uncertain digest is sent again under at-most-once',
    file: 'shared/domain/delivery-state.ts',
    before: "outcome.state === 'uncertain' && whenUncertain === 'at-least-once' && tries < MAX_TRIES",
    after: "outcome.state === 'uncertain' && whenUncertain !== undefined && tries < MAX_TRIES",
    tests: ['test/shared/pipeline'],
  },
  {
    what: 'a time-out counts as a mail that was not sent',
    file: 'shared/adapters/ses/send-result.ts',
    before: "  return { kind: 'uncertain', reason: code || name };",
    after: "  return { kind: 'unreachable', reason: code || name };",
    tests: ['test/shared/adapters/ses.test.ts'],
  },
  {
    what: 'readers with the same papers get the cards of another time zone',
    file: 'shared/mail/digest-content.ts',
    before: '[publication.publicUrl, today, digest.subscriber.timeZone, lists, lateTexts]',
    after: '[publication.publicUrl, today, lists, lateTexts]',
    tests: ['test/shared/mail/compose-digest-mail.test.ts'],
  },
  {
    what: 'the SES client retries calls itself',
    file: 'shared/adapters/ses/send-mail-command.ts',
    before: 'await config.requestHandler.handle(request, options);',
    after:
      'await config.requestHandler.handle(request, options).catch(() => config.requestHandler.handle(request, options));',
    tests: ['test/shared/adapters/ses.test.ts', 'test/local/ses'],
  },
  {
    what: 'the worker does not check after the claim whether the subscriber still wants the digest',
    file: 'shared/pipeline/sending/send-digest.ts',
    before: "  if (reason) return { kind: 'unwanted', reason };",
    after: '  void reason;',
    tests: ['test/shared/pipeline'],
  },
  {
    what: 'a digest compares itself with only one of the digests that claimed its papers',
    file: 'shared/pipeline/sending/send-digest.ts',
    before: 'takers.some((taker) => isAhead(taker, claim))',
    after: 'takers.slice(-1).some((taker) => isAhead(taker, claim))',
    tests: ['test/shared/pipeline/sending/send-batch.test.ts'],
  },
  {
    what: 'the worker does not check again while a throttled mail waits for its next turn',
    file: 'shared/pipeline/sending/send-digest.ts',
    before: '    const turn = await pace.takeTurn(until);',
    after:
      "    const turn = await pace.takeTurn(until);\n    const again = await mailer.send(claimed.mail);\n    if (again.kind !== 'throttled') return again;",
    tests: ['test/shared/pipeline/sending/send-in-doubt.test.ts'],
  },
  {
    what: 'a worker that finds an abandoned digest takes the claim of its new holder',
    file: 'shared/adapters/dynamodb/delivery-repository.ts',
    before: '({ claimedAt }) => claimedAt === earlier.claimedAt',
    after: '({ claimedAt }) => claimedAt !== undefined',
    tests: ['test/shared/adapters/dynamodb/repositories.test.ts'],
  },
  {
    what: 'a subscriber in two editions of a period stays in both',
    file: 'shared/pipeline/sending/ledger.ts',
    before: '    await editions.replaceElsewhere(origin, subscriberId);',
    after: '    void editions;',
    tests: ['test/shared/pipeline/sending/send-batch.test.ts'],
  },
  {
    what: 'the claim of a mail that was certainly not sent is kept',
    file: 'shared/pipeline/sending/ledger.ts',
    before:
      "      await ports.deliveries.release(claim);\n      return { kind: 'put-off', reason: result.kind };\n",
    after: "      return { kind: 'put-off', reason: result.kind };\n",
    tests: ['test/shared/pipeline'],
  },
  {
    what: 'a message that failed is reported as done',
    file: 'shared/adapters/lambda/sqs-handler.ts',
    before: '    return false;',
    after: '    return true;',
    tests: ['test/functions', 'test/flow/failures.test.ts'],
  },
  {
    what: 'a less certain outcome replaces a known one',
    file: 'shared/domain/delivery-state.ts',
    before:
      "      return reported.state === 'failed' && reported.messageId === known.messageId ? reported : known;",
    after: '      return reported;',
    tests: ['test/shared/domain', 'test/fakes/repositories.test.ts'],
  },
  {
    what: 'every worker uses the account’s whole rate',
    file: 'shared/pipeline/sending/pace.ts',
    before: 'quota.maxPerSec / maxWorkers',
    after: 'quota.maxPerSec / (maxWorkers > 0 ? 1 : maxWorkers)',
    tests: ['test/pace'],
  },
  {
    what: 'a mail waits for its turn longer than its worker may run',
    file: 'shared/pipeline/sending/pace.ts',
    before: 'Math.min(untilNext, LONGEST_SLEEP_MS, ...untilOutOfTime)',
    after: 'Math.max(untilNext, LONGEST_SLEEP_MS, ...untilOutOfTime)',
    tests: ['test/shared/pipeline/sending/pace.test.ts'],
  },
  {
    what: 'a quota that cannot be read uses up the receives of a batch',
    file: 'shared/pipeline/sending/pace.ts',
    before: "      else startStandstill('unreachable');",
    after: '      else throw error;',
    tests: ['test/shared/pipeline/sending/pace.test.ts'],
  },
  {
    what: 'a worker that SES throttled never returns to its rate',
    file: 'shared/domain/send-rate.ts',
    before: 'factor: Math.min(1, rate.factor * FASTER)',
    after: 'factor: Math.min(rate.factor, FASTER)',
    tests: ['test/pace'],
  },
  {
    what: 'an import does not end a subscriber who left elsewhere',
    file: 'cli/subscribers/import/import-subscribers.ts',
    before: "    if (!isEnding(status)) return { line, outcome: 'known' };",
    after: "    if (known.status === 'confirmed' || !isEnding(status)) return { line, outcome: 'known' };",
    tests: ['test/cli/subscribers/import'],
  },
  {
    what: 'an import asks everybody although an unread column says who left',
    file: 'cli/subscribers/import/survey.ts',
    before: '  if (named.length === 0 && filled.length === 0) return;',
    after: '  if (named.length === 0) return;',
    tests: ['test/cli/subscribers/import'],
  },
  {
    what: 'an interrupted import does not count the rows in flight',
    file: 'cli/subscribers/import/import-subscribers.ts',
    before: '  for await (const results of groups) yield* results;',
    after:
      '  for await (const results of groups) {\n    if (interruption.aborted) return;\n    yield* results;\n  }',
    tests: ['test/cli/subscribers/import'],
  },
  {
    what: 'a request of an import mails a subscriber who has left since',
    file: 'shared/subscribers/answer-request.ts',
    before: "return isOutdated ? 'none' : ANSWER_TO_SIGN_UP",
    after: 'return ANSWER_TO_SIGN_UP',
    tests: ['test/shared/subscribers/answer-request.test.ts'],
  },
  {
    what: 'a burst of votes counts in full',
    file: 'shared/matching/trending.ts',
    before: '  const limit = lasted + Math.max(newVotes, lasted);',
    after: '  const limit = lasted + Math.max(newVotes, lasted) + upvotes;',
    tests: ['test/shared/matching/trending.test.ts'],
  },
  {
    what: 'a digest ignores the order of its subscription',
    file: 'shared/matching/digest.ts',
    before: '      sort,\n      takesTurns: true,\n      limit: maxPapers,',
    after: '      takesTurns: true,\n      limit: maxPapers,',
    tests: ['test/shared/matching/digest.test.ts'],
  },
  {
    what: 'the news of a paper is told in every digest',
    file: 'shared/domain/delivery.ts',
    before: '  return newsAt === undefined || claimedAt >= addMs(newsAt, -CLOCK_SKEW_MS);',
    after: '  return newsAt === undefined;',
    tests: ['test/shared/pipeline/sending/send-news.test.ts'],
  },
  {
    what: 'two digests at the same time tell the same news',
    file: 'shared/pipeline/sending/send-digest.ts',
    before: 'hasPaper(other, { paperId, newsAt: mail.newsAt?.get(paperId) })',
    after: '!mail.newsAt?.has(paperId) && hasPaper(other, { paperId })',
    tests: ['test/shared/pipeline/sending/send-news.test.ts'],
  },
  {
    what: 'a late answer of a less trusted source replaces a fact',
    file: 'shared/domain/merge-paper.ts',
    before: '  if (rank !== knownRank) return rank < knownRank;',
    after: '  if (rank !== knownRank) return true;',
    tests: ['test/shared/domain/merge-paper.test.ts'],
  },
  {
    what: 'a paper of several days has the text of its first day',
    file: 'shared/matching/index/combine-parts.ts',
    before: '    for (const id of parts[part]?.ids ?? []) numberOf.set(id, -1 - part);',
    after: '    for (const id of parts[part]?.ids ?? []) if (!numberOf.has(id)) numberOf.set(id, -1 - part);',
    tests: ['test/shared/matching'],
  },
  {
    what: 'the header of a snapshot is written before its parts',
    file: 'shared/adapters/dynamodb/snapshot-repository.ts',
    before: '      const version = randomUUID();',
    after: `      const version = randomUUID();
      if (previous && text !== 'same') {
        const parts = { kind: 'parts', name: \`\${version}-text\`, parts: 1 };
        const header = { ...headerKeyOf(listDay), format: SNAPSHOT_FORMAT, writtenAt: clock.now(), text: parts };
        const early = { ...header, votes: { kind: 'inline', bytes: state } };
        await putIf(table, isStill(previous), early, previous.version ?? '');
      }`,
    tests: ['test/shared/adapters/dynamodb/snapshot-writes.test.ts'],
  },
  {
    what: 'new votes of a paper do not reach its other list-days',
    file: 'shared/pipeline/snapshots/refresh-snapshots.ts',
    before: '    if (state && isBehind(state, papers)) due.set(keyOf(header), header);',
    after: '    if (state && isBehind(state, [])) due.set(keyOf(header), header);',
    tests: ['test/shared/pipeline/snapshots'],
  },
  {
    what: 'a snapshot is written although another writer replaced the one that it is based on',
    file: 'shared/adapters/dynamodb/snapshot-repository.ts',
    before: 'await putIf(table, isStill(previous), item, version)',
    after: "await putIf(table, { expression: 'attribute_not_exists(anything)' }, item, version)",
    tests: ['test/shared/adapters/dynamodb/repositories.test.ts'],
  },
  {
    what: 'the planner learns of new papers before their snapshots are written',
    file: 'shared/pipeline/ingest.ts',
    before: '  const snapshotsWritten = isDue ? await refreshSnapshots(',
    after: `  await ports.sourceStates.save(source.name, state);
  const snapshotsWritten = isDue ? await refreshSnapshots(`,
    tests: ['test/shared/pipeline/ingest.test.ts'],
  },
  {
    what: 'a month of the archive is shown before its last segment is written',
    file: 'shared/pipeline/archive/write-segment.ts',
    before: 'segments: known?.segments, checkedUntil',
    after: 'segments, checkedUntil',
    tests: ['test/shared/pipeline/archive'],
  },
  {
    what: 'the archive is not compared with a day that leaves the snapshots',
    file: 'shared/pipeline/archive/refresh-archive.ts',
    before: 'if (!(await matchesTable(ports, lists, days, intact))) return',
    after: 'if (intact.length < 0) return',
    tests: ['test/shared/pipeline/archive'],
  },
  {
    what: 'the page of further papers shows those that earlier digests had',
    file: 'shared/mail/more-link.ts',
    before: 'leaveOut(url, [...withheld, ...shown])',
    after: 'leaveOut(url, shown)',
    tests: ['test/flow/more-links.test.ts'],
  },
  {
    what: 'the page of further papers shows a known paper that came on the list later',
    file: 'shared/web/papers/load-papers.ts',
    before: 'listed.filter(({ firstSeenAt }) => firstSeenAt <= until)',
    after: 'listed',
    tests: ['test/flow/more-links.test.ts'],
  },
  {
    what: 'a further page of a day shows papers of the pages before it again',
    file: 'shared/web/papers/load-papers.ts',
    before: 'excluded: [...without, ...later, ...seen]',
    after: 'excluded: [...without, ...later]',
    tests: ['test/shared/web/papers/paper-pages.test.ts'],
  },
  {
    what: 'a late category of arXiv counts as read because other categories name some of its papers',
    file: 'shared/pipeline/save-answer.ts',
    before: 'listings.filter(({ list }) => !repeating.has(list))',
    after: 'listings.filter(({ list }) => repeating.size < 0 || list)',
    tests: ['test/shared/sources/arxiv/arxiv.test.ts'],
  },
  {
    what: 'two runs of ingest read arXiv at the same time',
    file: 'shared/pipeline/ingest-in-turn.ts',
    before: "if (turn.kind !== 'taken')",
    after: "if (turn.kind === 'paused')",
    tests: ['test/shared/pipeline/ingest-in-turn.test.ts'],
  },
  {
    what: 'a paper that arXiv does not know is asked for by each run',
    file: 'shared/pipeline/look-up-papers.ts',
    before: 'return waitsSince === undefined || msBetween(waitsSince, now) >= ASK_AGAIN_AFTER_MS;',
    after: 'return waitsSince === undefined || msBetween(waitsSince, now) < ASK_AGAIN_AFTER_MS;',
    tests: ['test/shared/pipeline/look-up-papers.test.ts'],
  },
  {
    what: 'a paper is listed again on a list of arXiv that had it on another day',
    file: 'shared/pipeline/save-answer.ts',
    before: "const mayBeListedAlready = keepsFirstListing && result !== 'created'",
    after: "const mayBeListedAlready = !keepsFirstListing && result !== 'created'",
    tests: ['test/shared/pipeline/save-answer.test.ts'],
  },
  {
    what: 'a stranger can mail one mailbox under many tags of its address',
    file: 'shared/domain/address.ts',
    before: "  const [name = ''] = local.split('+');",
    after: '  const name = local;',
    tests: ['test/shared/domain/address.test.ts'],
  },
  {
    what: 'missed days of arXiv are forgotten after a failed request',
    file: 'shared/sources/arxiv/back-fill.ts',
    before: "left = fail(fault.kind === 'expired' ? withToken(left, undefined) : left);",
    after: 'left = undefined;',
    tests: ['test/shared/sources/arxiv'],
  },
  {
    what: 'a missed day of arXiv that cannot be read holds up the days after it',
    file: 'shared/sources/arxiv/gap.ts',
    before: '[...others, ...pieces]',
    after: '[...pieces, ...others]',
    tests: ['test/shared/sources/arxiv/bad-days.test.ts'],
  },
  {
    what: 'OAI-PMH of arXiv can use up the time for the papers of today in every run',
    file: 'shared/sources/arxiv/read-arxiv.ts',
    before: 'const signal = probe?.signal ?? request.signal;',
    after: 'const { signal } = request;',
    tests: ['test/shared/sources/arxiv/bad-days.test.ts'],
  },
  {
    what: 'missed papers that change while their day cannot be read are lost',
    file: 'shared/sources/arxiv/gap.ts',
    before: '  return splitOn === undefined ? undefined : { ...rest, parts: [{ from: splitOn }] };',
    after: '  return undefined;',
    tests: ['test/shared/sources/arxiv/bad-days.test.ts'],
  },
];
