import { runDemoCommand } from './demo/command.ts';

process.exitCode = await runDemoCommand(process.argv.slice(2), {
  listsUrl: process.env.BROADSHEET_HF_URL,
  env: process.env,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
});
