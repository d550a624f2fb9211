import { runDemoCommand } from './demo/command.ts';

process.exitCode = await runDemoCommand(process.argv.slice(2), {
  listsUrl: process.env.BROADSHEET_HF_URL,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
});
