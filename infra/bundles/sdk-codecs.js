// What the bundles have in place of codecs of the SDK, which write and read any value of any service. The requests of our services are
// plain: numbers, texts, bytes, lists and objects. No member has another name than in the code.

import { parseXML } from '@aws-sdk/xml-builder';
import { getValueFromTextNode } from '@smithy/core/client';
import { extendedEncodeURIComponent } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';

class Codec {
  setSerdeContext() {}
}

/** Writes a request in JSON. */
export class JsonShapeSerializer2 extends Codec {
  write(_schema, value) {
    this.json = JSON.stringify(value, writeBytes);
  }

  flush() {
    return Buffer.from(this.json);
  }
}

/** Reads an answer in JSON. The values of items have a reader of their own, which extends this one. */
export class JsonShapeDeserializer2 extends Codec {
  async read(schema, bytes) {
    return bytes.byteLength === 0 ? {} : this._read(schema, JSON.parse(toText(bytes)));
  }

  readObject(schema, value) {
    return this._read(schema, value);
  }

  _read(schema, value) {
    const type = NormalizedSchema.of(schema);
    if (typeof value === 'object' && value !== null) {
      if (type.isStructSchema()) return this.readStruct(type, value);
      if (type.isListSchema() || type.isMapSchema()) {
        const part = type.getValueSchema();
        if (!part.isStringSchema())
          for (const key of Object.keys(value)) value[key] = this._read(part, value[key]);
      }
    }
    if (type.isBlobSchema() && typeof value === 'string') return Buffer.from(value, 'base64');
    if (type.isTimestampSchema() && typeof value === 'number') return new Date(Math.round(value * 1000));
    return value;
  }

  /** An error has its name in `__type`, and keeps members that its schema lacks. */
  readStruct(type, value) {
    const read = {};
    for (const [name, member] of type.structIterator())
      if (value[name] !== undefined && value[name] !== null) read[name] = this._read(member, value[name]);
    return typeof value.__type === 'string' ? { ...value, ...read } : read;
  }
}

function toText({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

/** Writes bytes in base64. A buffer would write itself in another way before it is a parameter. */
function writeBytes(name) {
  const value = this[name];
  return value instanceof Uint8Array ? toBase64(value) : (value ?? undefined);
}

function toBase64({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Writes a request as a form. */
export class QueryShapeSerializer extends Codec {
  write(_schema, value) {
    this.fields = [...toFields('', value)];
  }

  flush() {
    return this.fields.map((field) => `&${field.map(extendedEncodeURIComponent).join('=')}`).join('');
  }
}

/** Yields the fields of a form: `Destinations.member.1`. */
function* toFields(name, value) {
  if (value === undefined || value === null) return;
  if (value instanceof Uint8Array) yield [name, toBase64(value)];
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* toFields(`${name}.member.${index + 1}`, item);
  else if (typeof value === 'object')
    for (const [key, part] of Object.entries(value))
      yield* toFields(name === '' ? key : `${name}.${key}`, part);
  else yield [name, String(value)];
}

/** Reads an answer in XML with texts and numbers, which may be in further elements. */
export class XmlShapeDeserializer extends Codec {
  read(schema, bytes, key) {
    const text = toText(bytes);
    const [content] = Object.values(parse(text));
    const plain = getValueFromTextNode(content);
    return this.readSchema(schema, key ? plain[key] : plain);
  }

  readSchema(schema, value) {
    const type = NormalizedSchema.of(schema);
    if (value === undefined || value === null || type.isDocumentSchema()) return value;
    if (type.isStructSchema()) {
      const members = [...type.structIterator()].map(([name, member]) => [
        name,
        this.readSchema(member, value[name]),
      ]);
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    if (typeof value === 'string' && type.isNumericSchema()) return Number(value);
    if (typeof value === 'string' && type.isStringSchema()) return value;
    throw new Error(`the bundles cannot read ${type.getName(true)} in XML`);
  }
}

/** @throws an error with the text, if it is no XML */
function parse(text) {
  try {
    return parseXML(text);
  } catch (error) {
    Object.defineProperty(error, '$responseBodyText', { value: text });
    throw error;
  }
}
