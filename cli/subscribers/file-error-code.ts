/** What the file system calls an error, like `ENOENT`; undefined for an error of anything else. */
export function fileErrorCode(error: unknown): string | undefined {
  const isOfSystem = typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
  return isOfSystem ? String(error.code) : undefined;
}
