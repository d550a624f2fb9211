import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';
import { findSharedAnswer } from './shared-answers.ts';

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Smaller answers fit in one packet anyway. */
const MIN_BYTES = 1024;

/** Higher levels take several times as long for a few percent. */
const BROTLI_QUALITY = 5;

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
    if (!isPublic || !COMPRESSIBLE.test(headers.get('content-type') ?? '')) return;
    c.header('vary', 'Accept-Encoding', { append: true });
    if (c.req.method === 'HEAD' || !c.res.body || headers.has('content-encoding')) return;
    const encoding = accepts(c, {
      header: 'Accept-Encoding',
      supports: ['br', 'gzip'],
      default: 'identity',
      // Browsers name gzip first and mean no preference by it.
      match: (accepted, { supports, default: none }) =>
        supports.find((one) => accepted.some(({ type, q }) => type.toLowerCase() === one && q > 0)) ?? none,
    });
    if (encoding === 'identity') return;
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

async function pack(text: Uint8Array, encoding: string): Promise<Uint8Array> {
  if (encoding !== 'br') return deflate(text);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  return brotli(text, { params });
}
