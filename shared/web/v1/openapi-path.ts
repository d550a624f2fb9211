/** The path of the OpenAPI document. */
export const OPENAPI_PATH = '/v1/openapi.json';
