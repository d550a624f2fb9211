import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { EnvironmentError, parseEnvironment } from '../../shared/environment.ts';

const schema = z.object({
  TABLE: z.string().min(1),
  QUEUE_URL: z.url(),
  LINK_KEY: z.string().min(32),
  SIZE: z.coerce.number().int().default(50),
});
const FULL = { TABLE: 'papers', QUEUE_URL: 'https://sqs.example.org/1/digests', LINK_KEY: 'k'.repeat(32) };

const failureOf = (environment: Readonly<Record<string, string | undefined>>): string => {
  try {
    parseEnvironment(schema, environment);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  return 'none';
};

describe('the environment', () => {
  test('has what the schema describes, including defaults, and nothing else', () => {
    expect(parseEnvironment(schema, { ...FULL, PATH: '/bin' })).toEqual({ ...FULL, SIZE: 50 });
    expect(parseEnvironment(schema, { ...FULL, SIZE: '7' }).SIZE).toBe(7);
  });

  test('names every missing variable at once', () => {
    expect(failureOf({ PATH: '/bin' })).toBe(
      'the environment is not complete: TABLE is missing; QUEUE_URL is missing; LINK_KEY is missing',
    );
  });

  test('names what is missing and what is wrong side by side', () => {
    const message = failureOf({ TABLE: '', QUEUE_URL: 'queue' });

    expect(message).toContain('TABLE is wrong: ');
    expect(message).toContain('QUEUE_URL is wrong: ');
    expect(message).toContain('LINK_KEY is missing');
  });

  test('says what was expected of a wrong variable, and never its value', () => {
    const message = failureOf({ ...FULL, QUEUE_URL: 'ada@example.org', LINK_KEY: 'a-secret' });

    expect(message).toMatch(/LINK_KEY is wrong: .*32/);
    expect(message).not.toContain('ada@example.org');
    expect(message).not.toContain('a-secret');
  });

  test('names the wrong part of a variable with parts', () => {
    const nested = z.object({
      PLACE: z.preprocess((text) => JSON.parse(String(text)), z.object({ city: z.string() })),
    });

    expect(() => parseEnvironment(nested, { PLACE: '{"city":1}' })).toThrow(/: PLACE\.city is wrong: /);
  });
});
