// The SDK warns in every worker that its releases of 2027 will want Node 22; the locked one runs on 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
export default {
  testEnvironment: '<rootDir>/test/environment.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts', '**/*.test.tsx'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          experimental: { keepImportAttributes: true },
          transform: { react: { runtime: 'automatic', importSource: 'hono/jsx' } },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // It ends what hangs, and nothing else: on a busy machine a test may take many times as long as on a quiet one.
  testTimeout: process.env.BROADSHEET_THOROUGH ? 3_600_000 : 300_000,
  // Jest would leave one processor free, and of two that is half; a worker that has grown is replaced.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  reporters: ['default', '<rootDir>/test/count-reporter.mjs'],
};
