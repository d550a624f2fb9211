import { describe, expect, test } from '@jest/globals';
import { parseStartOptions } from '../../../local/start/options.ts';

describe('the arguments of npm start', () => {
  test('have defaults', () => {
    expect(parseStartOptions([])).toEqual({
      port: 4310,
      folder: '.broadsheet/state',
      isFresh: false,
      isSample: false,
      isRedriving: false,
      isHelp: false,
    });
  });

  test('set the port, the folder and every flag', () => {
    expect(
      parseStartOptions(['--port', '0', '--fresh', '--sample', '--redrive', '--folder', '/tmp/x', '--help']),
    ).toEqual({
      port: 0,
      folder: '/tmp/x',
      isFresh: true,
      isSample: true,
      isRedriving: true,
      isHelp: true,
    });
  });

  test.each([
    [['--port', 'eighty'], '--port is "eighty"; expected a number from 0 to 65535'],
    [['--port', '65536'], '--port is "65536"'],
    [['--port='], '--port is ""'],
    [['--prot', '80'], "Unknown option '--prot'"],
    [['fresh'], "Unexpected argument 'fresh'"],
  ])('%j is refused', (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/\n\n"npm start -- --help" shows the options\.$/),
      }),
    );
    expect(() => parseStartOptions(args)).toThrow(message);
  });

  test.each([
    [['4400'], { npm_config_port: 'true' }, 'npm start -- --port 4400'],
    [['4400', '--sample'], { npm_config_port: 'true' }, 'npm start -- --port 4400 --sample'],
    [['4400'], { npm_config_sample: 'true', npm_config_port: 'true' }, 'npm start -- --sample --port 4400'],
    [[], { npm_config_port: '4400', npm_config_fresh: 'true' }, 'npm start -- --port 4400 --fresh'],
    [
      ['/tmp/x', '4400'],
      { npm_config_folder: 'true', npm_config_port: 'true' },
      'npm start -- --port <port> --folder <folder>',
    ],
    [[], { npm_config_sample: 'true' }, 'npm start -- --sample'],
  ])('%j with %j were written without "--", and the message says so', (args, env, command) => {
    expect(() => parseStartOptions(args, env)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(new RegExp(`Write "--" before the options: ${command}$`)),
      }),
    );
    expect(() => parseStartOptions([], { npm_config_loglevel: 'notice' })).not.toThrow();
    expect(() => parseStartOptions(['--fresh'], { npm_config_fresh: 'true' })).not.toThrow();
  });
});
