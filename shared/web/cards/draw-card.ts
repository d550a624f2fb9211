import { initWasm, Resvg } from '@resvg/resvg-wasm';
import satori from 'satori';
import { toPalettes } from '../../presentation/palette.ts';
import type { Publication } from '../../presentation/publication.ts';
import { RESVG_WASM, type ReadAsset } from './card-assets.ts';
import { openCardFonts } from './card-fonts.ts';

/** The texts of a card. */
export interface Card {
  /** At the right of the masthead: the day. */
  readonly aside: string;
  /** The title of a paper, or the best titles of a day. */
  readonly titles: readonly string[];
  /** One line below. */
  readonly meta: string;
  /** Replaces a title of which no character can be drawn. */
  readonly fallback: string;
}

/** The size in pixels that sites show in previews. @see https://ogp.me */
const SIZE = { width: 1200, height: 630 };

/** The part inside the margins. */
const INNER = { width: 1056, height: 522 };

/** Draws a card as a PNG. */
export type DrawCard = (card: Card, publication: Publication) => Promise<Uint8Array<ArrayBuffer>>;

/** Returns a function that draws cards. It sets up the library and the fonts once. */
export async function createDrawCard(readAsset: ReadAsset): Promise<DrawCard> {
  const [prepareTexts] = await Promise.all([
    openCardFonts(readAsset),
    readAsset(RESVG_WASM).then(startResvg),
  ]);
  return async ({ aside, titles, meta, fallback }, publication) => {
    const { texts, fonts } = await prepareTexts([publication.name, aside, meta, fallback, ...titles]);
    const [drawnName = '', drawnAside = '', drawnMeta = '', drawnFallback = '', ...drawnTitles] = texts;
    const element = toElement({
      name: drawnName,
      aside: drawnAside,
      titles: drawnTitles.map((title) => title || drawnFallback),
      meta: drawnMeta,
      publication,
      fontFamily: [...new Set(fonts.map((font) => font.name))].join(', '),
    });
    const drawing = new Resvg(await satori(element, { ...SIZE, fonts: [...fonts] }));
    const image = drawing.render();
    const png = new Uint8Array(image.asPng());
    // The library keeps both in memory of its own until they are freed.
    image.free();
    drawing.free();
    return png;
  };
}

let started: Promise<void> | undefined;

/** Starts the library. It can be started only once in a process. */
async function startResvg(wasm: Buffer): Promise<void> {
  started ??= initWasm(wasm);
  await started;
}

/** An element as satori takes it. */
interface Element {
  readonly type: 'div';
  readonly props: { readonly style: object; readonly children: readonly Element[] | string };
}

function box(style: object, children: readonly Element[] | string): Element {
  return { type: 'div', props: { style, children } };
}

interface DrawnCard extends Omit<Card, 'fallback'> {
  readonly name: string;
  readonly publication: Publication;
  readonly fontFamily: string;
}

/** Returns the elements of a card: masthead, line, titles, one line below. */
function toElement({ name, aside, titles, meta, publication, fontFamily }: DrawnCard): Element {
  const { ground, ink, dim, rule, accent } = toPalettes(publication).light;
  const masthead = box(
    {
      display: 'flex',
      justifyContent: 'space-between',
      alignItems: 'flex-end',
      width: INNER.width,
      paddingBottom: 18,
      borderBottom: `2px solid ${ink}`,
    },
    [
      box(
        { display: 'block', maxWidth: 640, fontSize: 40, fontWeight: 700, color: accent, lineClamp: 1 },
        name,
      ),
      box({ display: 'flex', fontSize: 28, color: dim }, aside),
    ],
  );
  const middle = box(
    { display: 'flex', flexDirection: 'column', flexGrow: 1, justifyContent: 'center', width: INNER.width },
    titles.map((title, index) => toTitle(title, titles.length > 1, index > 0 ? rule : undefined)),
  );
  const below = box({ display: 'block', width: INNER.width, fontSize: 30, color: dim, lineClamp: 1 }, meta);
  return box(
    {
      display: 'flex',
      ...SIZE,
      alignItems: 'center',
      justifyContent: 'center',
      backgroundColor: ground,
      color: ink,
      fontFamily,
      fontWeight: 400,
    },
    [box({ display: 'flex', flexDirection: 'column', ...INNER }, [masthead, middle, below])],
  );
}

/** The size of a single title by its length in characters, and how many lines fit. */
const TITLE_SIZES = [
  { upTo: 60, fontSize: 76, lineClamp: 4 },
  { upTo: 120, fontSize: 60, lineClamp: 5 },
  { upTo: Number.POSITIVE_INFINITY, fontSize: 48, lineClamp: 6 },
];

/** The size of each of several titles. */
const LISTED_TITLE = { fontSize: 40, lineClamp: 2 };

/** Returns a title. One of several has a line above it, if `rule` is a colour. */
function toTitle(title: string, isListed: boolean, rule: string | undefined): Element {
  const { fontSize, lineClamp } =
    (isListed ? undefined : TITLE_SIZES.find(({ upTo }) => title.length <= upTo)) ?? LISTED_TITLE;
  return box(
    {
      display: 'flex',
      width: INNER.width,
      ...(isListed && { padding: '14px 0' }),
      ...(rule !== undefined && { borderTop: `1px solid ${rule}` }),
    },
    [
      box(
        {
          display: 'block',
          width: INNER.width,
          fontSize,
          lineClamp,
          fontWeight: 700,
          lineHeight: 1.18,
          wordBreak: 'break-word',
        },
        title,
      ),
    ],
  );
}
