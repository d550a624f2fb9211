import { hash } from 'node:crypto';
import { createHmacSigner } from '../../hmac.ts';

/** What a signature needs of a client. */
export interface SignerOptions {
  readonly credentials: () => Promise<Credentials>;
  readonly region: () => Promise<string>;
  readonly service: string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Keys of a role come with a token. */
  readonly sessionToken?: string | undefined;
}

/** The parts of a request that differ from mail to mail, or that a signature covers. */
export interface FormRequest {
  readonly host: string;
  readonly body: Uint8Array;
  readonly sentAt: Date;
}

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Returns a function that signs a form, which is a POST to the path `/`, and returns the headers that this adds.
 *
 * The signer of the SDK serves any request. It copies the request, sorts all headers, and finds its key by another signature. That takes
 * it as long as hashing the body. The headers of a form are always the same, so they are written in order.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createFormSigner({ credentials, region, service }: SignerOptions) {
  /** The key of a day and a region. */
  let known:
    | { readonly scope: string; readonly secret: string; readonly sign: (text: string) => Buffer }
    | undefined;

  const keyOf = (day: string, regionName: string, secret: string) => {
    const scope = `${day}/${regionName}/${service}/aws4_request`;
    if (known?.scope === scope && known.secret === secret) return known;
    const key = scope
      .split('/')
      .reduce<Buffer>((last, part) => createHmacSigner(last)(part), Buffer.from(`AWS4${secret}`));
    known = { scope, secret, sign: createHmacSigner(key) };
    return known;
  };

  return async ({ host, body, sentAt }: FormRequest): Promise<Readonly<Record<string, string>>> => {
    const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
    const date = sentAt.toISOString().replace(/[:-]|\.\d{3}/g, '');
    const { scope, sign } = keyOf(date.slice(0, 8), await region(), secretAccessKey);
    let names = 'content-type;host;x-amz-date';
    let lines = `content-type:${FORM_TYPE}\nhost:${host}\nx-amz-date:${date}\n`;
    if (sessionToken !== undefined) {
      names += ';x-amz-security-token';
      lines += `x-amz-security-token:${sessionToken}\n`;
    }
    const canonical = `POST\n/\n\n${lines}\n${names}\n${sha256(body)}`;
    const signature = sign(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex');
    return {
      'x-amz-date': date,
      ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    };
  };
}

function sha256(content: Uint8Array | string): string {
  return hash('sha256', content, 'hex');
}
