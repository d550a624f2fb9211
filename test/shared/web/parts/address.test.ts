import { describe, expect, test } from '@jest/globals';
import { toAddressText } from '../../../../shared/web/parts/address.tsx';
import { createSubscriber } from '../../../factories/subscribers.ts';
import { createReader } from '../reader.ts';

test.each([
  ['ada@xn--bcher-kva.example', 'ada@bücher.example'],
  ['Ada@xn--n3h.XN--BCHER-KVA.example', 'Ada@☃.bücher.example'],
  ['Ada@Example.org', 'Ada@Example.org'],
  ['xn--bcher-kva@example.org', 'xn--bcher-kva@example.org'],
  ['ada@xn--0.example', 'ada@xn--0.example'],
])('%s is shown as %s', (address, text) => {
  expect(toAddressText(address)).toBe(text);
});

describe('an address with a domain in another script is shown as its owner writes it', () => {
  const address = 'ada@xn--bcher-kva.example';

  test.each([
    ['manage', 'ada@bücher.example'],
    ['data', 'ada@bücher.example'],
    ['unsubscribe', 'a…a@bücher.example'],
  ] as const)('on the page to %s', async (purpose, shown) => {
    const reader = createReader();
    await reader.repositories.subscribers.save(createSubscriber({ id: 'ada', address }));
    const path = { manage: 'manage', data: 'your-data', unsubscribe: 'unsubscribe' }[purpose];

    const { text } = await reader.read(`/${path}/${reader.tokenFor(purpose, 'ada')}`);

    expect(text).toContain(shown);
    expect(text).not.toContain('xn--');
  });

  test('after it was typed', async () => {
    const { text } = await createReader().read('/manage-link', { address: 'ada@bücher.example' });

    expect(text).toContain('ada@bücher.example');
  });
});
