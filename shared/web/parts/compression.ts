import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import { findSharedAnswer } from './shared-answers.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Smaller answers fit in one packet anyway. */
const MIN_BYTES = 1024;

/** Higher levels take several times as long for a few percent. */
const BROTLI_QUALITY = 5;

/** What answers are compressed with, the smaller one first. */
const ENCODINGS = ['br', 'gzip'] as const;

/** Texts, JSON, XML and SVG. */
const COMPRESSIBLE = /^text\/|[/+](?:json|xml)\b/;

/**
 * Compresses public texts with Brotli or gzip, whichever the client takes. Other answers stay as they are: they can hold a token and
 * what a stranger typed, and the compressed size could reveal the token. The middleware of Hono knows no Brotli, which makes pages a
 * sixth smaller. CloudFront would pass on its gzip to every reader.
 *
 * @see https://www.breachattack.com
 */
export function compressAnswers(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    const isPublic = /^public\b/.test(headers.get('cache-control') ?? '');
    const isUnchanged = c.res.status === 304;
    if (!isPublic || !(isUnchanged || COMPRESSIBLE.test(headers.get('content-type') ?? ''))) return;
    c.header('vary', 'Accept-Encoding', { append: true });
    if (isUnchanged) return;
    if (c.req.method === 'HEAD' || !c.res.body || headers.has('content-encoding')) return;
    const encoding = chooseEncoding(c.req.header('accept-encoding') ?? '');
    if (!encoding) return;
    const text = new Uint8Array(await c.res.arrayBuffer());
    if (text.length < MIN_BYTES) {
      c.res = new Response(text, c.res);
      return;
    }
    const known = findSharedAnswer(c)?.packed;
    const packing = known?.get(encoding) ?? pack(text, encoding);
    known?.set(encoding, packing);
    c.res = new Response(new Uint8Array(await packing), c.res);
    c.res.headers.delete('content-length');
    c.res.headers.set('content-encoding', encoding);
  };
}

/**
 * Returns the first of our encodings that the client takes: `br` for `gzip, br;q=0.5`. Browsers name gzip first and mean no preference by
 * it. A weight of zero refuses an encoding.
 */
function chooseEncoding(header: string): (typeof ENCODINGS)[number] | undefined {
  const accepted = header
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/.test(part))
    .map((part) => part.replace(/;.*/s, '').trim());
  return ENCODINGS.find((encoding) => accepted.includes(encoding));
}

async function pack(text: Uint8Array, encoding: string): Promise<Uint8Array> {
  if (encoding !== 'br') return deflate(text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return brotli(text, { params });
}
