import { AwsQueryProtocol } from '@aws-sdk/core/protocols';

/** The input of `SendRawEmail`, as far as it is read here. */
interface RawMailInput {
  readonly RawMessage?: { readonly Data?: Uint8Array | undefined } | undefined;
}

/**
 * The protocol of the SES client, with its own way to write a message into the form of a request. The client looks at each of the
 * 46,000 characters of base64. That takes longer than to sign and send them. Only `+`, `/` and `=` need to be escaped.
 */
export class RawMailProtocol extends AwsQueryProtocol {
  override async serializeRequest<Input extends object>(
    ...[operation, input, context]: Parameters<AwsQueryProtocol['serializeRequest']>
  ) {
    const { RawMessage, ...others } = input as RawMailInput;
    const data = RawMessage?.Data;
    if (data === undefined) return super.serializeRequest<Input>(operation, input as Input, context);
    const request = await super.serializeRequest(operation, others, context);
    request.body = Buffer.from(`${request.body}&RawMessage.Data=${toFormValue(data)}`, 'latin1');
    return request;
  }
}

/** Returns bytes in base64 as the value of a form. Plain text has few of the signs: they need bytes such as `>` at a third place. */
function toFormValue({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength)
    .toString('base64')
    .replaceAll('+', '%2B')
    .replaceAll('/', '%2F')
    .replaceAll('=', '%3D');
}
