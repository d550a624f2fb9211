import { expect, test } from '@jest/globals';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { pageHeaders } from '../../../../shared/web/parts/headers.ts';

async function headersWith(middleware: ReturnType<typeof secureHeaders>) {
  const app = new Hono()
    .use(middleware)
    .get('/', (c) => c.text('hello', 200, { 'x-frame-options': 'SAMEORIGIN' }));
  return Object.fromEntries((await app.request('/')).headers);
}

test.each([
  ['https://daily.example.org', false],
  ['http://localhost:3000', true],
])('the pages at %s have the headers that Hono has for the same rules', async (publicUrl, isEmbeddable) => {
  const ours = await headersWith(pageHeaders({ publicUrl }, { isEmbeddable }));
  const policy = ours['content-security-policy'] ?? '';
  const scriptSource = /script-src ([^;]+)/.exec(policy)?.[1] ?? '';
  const theirs = await headersWith(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [scriptSource],
        styleSrc: ["'unsafe-inline'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: 'DENY',
      crossOriginResourcePolicy: isEmbeddable ? 'cross-origin' : 'same-origin',
      referrerPolicy: 'same-origin',
      strictTransportSecurity: publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    }),
  );

  expect(ours).toEqual({ ...theirs, 'cache-control': 'no-store' });
});
