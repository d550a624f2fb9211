import { type Context, Hono } from 'hono';
import type { ListId } from '../../domain/lists/lists.ts';
import { loadOnFirstUse } from '../../domain/once.ts';
import { isArxivId, type PaperId, paperIdSchema } from '../../domain/papers/paper.ts';
import { type Clock, type Day, utcDayOf } from '../../domain/time/time.ts';
import { parseQueryCached } from '../../matching/query/parse-query-cached.ts';
import { openWindow } from '../../matching/window.ts';
import type { Telemetry } from '../../observability.ts';
import type { ListDayCache } from '../../pipeline/snapshots/list-day-cache.ts';
import type { PaperRepository } from '../../ports/papers.ts';
import { toPaperTitle } from '../../presentation/paper-text.ts';
import type { Publication } from '../../presentation/publication.ts';
import { toReaderText } from '../../presentation/reader-text.ts';
import { toCountText, toDateText, toLongDay } from '../../presentation/wording.ts';
import { allowCaching, type Caching, cachingOfDay, conditionalAnswers } from '../parts/caching.ts';
import { pageHeaders } from '../parts/headers.ts';
import { reportError } from '../parts/request.ts';
import type { ReadAsset } from './card-assets.ts';
import type { Card, DrawCard } from './draw-card.ts';

/** The ports of the images of shared links. They write nothing. */
export interface CardPorts {
  readonly listDays: ListDayCache;
  readonly papers: Pick<PaperRepository, 'loadMany'>;
  readonly publication: Publication;
  /** The lists that are read here. */
  readonly lists: readonly ListId[];
  readonly readAsset: ReadAsset;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** The number of titles that fit on the card of a day. */
const TITLES_OF_DAY = 3;
const MAX_ORGANISATION_CHARS = 60;
const NO_TITLE = 'A paper without a title';

/** A card that was found, and how long caches may keep it. */
interface FoundCard {
  readonly card: Card;
  readonly caching: Caching;
}

/**
 * Returns the app of the images that sites show for a shared link: `/cards/papers/<id>.png`, `/cards/days/<day>.png`. It
 * loads the drawing library with the first image.
 */
export function createCardsApp(ports: CardPorts): Hono {
  const draw = loadOnFirstUse(async (): Promise<DrawCard> => {
    const { createDrawCard } = await import('./draw-card.ts');
    return createDrawCard(ports.readAsset);
  });
  const answer = async (c: Context, found: FoundCard | undefined) => {
    if (!found) return c.text('There is no such image.', 404);
    const png = await (await draw())(found.card, ports.publication);
    allowCaching(c, found.caching);
    return c.body(png, 200, { 'content-type': 'image/png' });
  };

  const app = new Hono();
  // Other sites show the images in their own pages.
  app.use(pageHeaders(ports.publication, { isEmbeddable: true }));
  app.use(conditionalAnswers());
  app.get('/cards/papers/:file{.+\\.png}', async (c) => {
    const id = paperIdSchema.safeParse(c.req.param('file').replace(/\.png$/, ''));
    return answer(c, id.success ? await findPaperCard(ports, id.data) : undefined);
  });
  app.get('/cards/days/:file{\\d{4}-\\d\\d-\\d\\d\\.png}', async (c) =>
    answer(c, await findDayCard(ports, c.req.param('file').replace(/\.png$/, ''))),
  );
  app.all('*', (c) => c.text('There is no such image.', 404));
  app.onError((error, c) =>
    c.text(`The image could not be drawn. Quote this code: ${reportError(ports.telemetry, c, error)}`, 500),
  );
  return app;
}

/** Returns the card of a paper. It shows no votes, so it stays the same. */
async function findPaperCard({ papers }: CardPorts, id: PaperId): Promise<FoundCard | undefined> {
  const [paper] = await papers.loadMany([id]);
  if (!paper) return undefined;
  const { organisation = '', authors, authorCount, publishedAt } = paper;
  const [first = ''] = authors;
  const others = authorCount - 1;
  const writers = first && (others > 0 ? `${first} and ${toCountText(others, 'other')}` : first);
  const meta = [toReaderText(organisation, MAX_ORGANISATION_CHARS), toReaderText(writers, 80)].filter(
    Boolean,
  );
  const card = {
    aside: toDateText(utcDayOf(publishedAt)),
    titles: [toPaperTitle(paper)],
    meta: meta.join('  ·  '),
    fallback: isArxivId(id) ? `arXiv:${id}` : NO_TITLE,
  };
  return { card, caching: 'image' };
}

/** Returns the card of a day with its best papers. Undefined if the day is in the future or has none. */
async function findDayCard(ports: CardPorts, day: Day): Promise<FoundCard | undefined> {
  const today = utcDayOf(ports.clock.now());
  if (Number.isNaN(Date.parse(day)) || day > today) return undefined;
  const listDays = await Promise.all(ports.lists.map((list) => ports.listDays.load(list, day, day)));
  const { matches, total } = openWindow(listDays.flat()).select({
    query: parseQueryCached(''),
    lists: ports.lists,
    limit: TITLES_OF_DAY,
  });
  if (matches.length === 0) return undefined;
  const rest = total - matches.length;
  const card = {
    aside: toLongDay(day),
    titles: matches.map(({ paper }) => toPaperTitle(paper)),
    meta: rest > 0 ? `and ${toCountText(rest, 'more paper')}` : toCountText(total, 'paper'),
    fallback: NO_TITLE,
  };
  return { card, caching: cachingOfDay(day, today) === 'past' ? 'image' : 'current' };
}
