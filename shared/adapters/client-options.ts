/** What an SDK client may be told; on AWS nothing, the runtime tells it the region and lends it a role. */
export interface ClientOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
