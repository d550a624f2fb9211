import { expect, test } from '@jest/globals';
import { SCRIPT } from '../../../../shared/web/parts/time-zone-script.tsx';

test('the next digest is in local time, without the name of a zone, which browsers spell in their own ways', () => {
  const text = { dataset: { next: 'daily', hour: '8' }, textContent: '' };
  const querySelectorAll = (selector: string) => (selector === '[data-next]' ? [text] : []);

  new Function('document', SCRIPT)({ querySelectorAll });

  expect(text.textContent).toMatch(/^[A-Z][a-z]+day \d+ [A-Z][a-z]+, 08:00 \(your time\)$/);
});
