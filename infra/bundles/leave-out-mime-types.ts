import type { Plugin } from 'esbuild';

const STAND_IN = `
export const detectMimeType = () => 'application/octet-stream';
export const detectExtension = () => 'bin';
`;

/**
 * Leaves nodemailer's table of 2,000 file types out of a bundle, 74 KB of it: it tells the type of an attachment by its
 * name, and our mails have no attachments.
 */
export const leaveOutMimeTypes: Plugin = {
  name: 'leave-out-mime-types',
  setup(build) {
    build.onLoad({ filter: /[\\/]nodemailer[\\/]dist[\\/]esm[\\/]mime-funcs[\\/]mime-types\.js$/ }, () => ({
      contents: STAND_IN,
      loader: 'js',
    }));
  },
};
