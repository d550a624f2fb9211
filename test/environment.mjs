import { AsyncLocalStorage } from 'node:async_hooks';
import { TestEnvironment } from 'jest-environment-node';

/** The storages that the current test file has used. */
const used = new Set();

for (const method of ['run', 'enterWith']) {
  const original = AsyncLocalStorage.prototype[method];
  AsyncLocalStorage.prototype[method] = function (...parameters) {
    used.add(this);
    return original.apply(this, parameters);
  };
}

/**
 * Node's environment, which also ends each `AsyncLocalStorage` of a test file with the file.
 *
 * Before version 24, Node copies every storage that was ever used into every new promise. Jest makes one per test file
 * and never ends it. So in the hundredth file of a worker each `await` would take about 20 microseconds.
 */
export default class Environment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
}
