/**
 * Every error that the service can answer with: its status and the title that people see. The list is the
 * same as docs/reference/errors.md (test/house/readme.test.ts). A code is never given another meaning.
 */
export const serviceErrors = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'bad-address': { status: 400, title: 'The address cannot be read' },
  'not-signed-in': { status: 401, title: 'You need to sign in' },
  'not-allowed': { status: 403, title: 'You cannot do this' },
  'form-out-of-date': { status: 403, title: 'This form is out of date' },
  'not-found': { status: 404, title: 'Page not found' },
  'method-not-allowed': { status: 405, title: 'This method is not supported here' },
  'not-acceptable': { status: 406, title: 'The answer is not available in this form' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'Something has changed in the meantime' },
  'body-too-large': { status: 413, title: 'Too much was sent at once' },
  'address-too-long': { status: 414, title: 'The address is too long' },
  'unsupported-media-type': { status: 415, title: 'This kind of content is not supported' },
  'invalid-facts': { status: 422, title: 'Something in the question cannot be used' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Sorry, there is a problem with the service' },
  unavailable: { status: 503, title: 'The service is not available at the moment' },
} as const;

export type ErrorCode = keyof typeof serviceErrors;

/**
 * An error that the service answers with. `message` is the public sentence, which names what is wrong and
 * what would be right; the cause goes to the log only.
 */
export class ServiceError extends Error {
  readonly code: ErrorCode;
  /** What to do about it, where that is something else than for other errors of its code. A sentence, for pages. */
  readonly whatToDo: string | undefined;

  constructor(
    code: ErrorCode,
    detail: string,
    { whatToDo, ...options }: { readonly cause?: unknown; readonly whatToDo?: string } = {},
  ) {
    super(detail, options);
    this.name = 'ServiceError';
    this.code = code;
    this.whatToDo = whatToDo;
  }
}

/**
 * An error as a surface shows it. `reference` is there when the log has more to say, `whatToDo` where the usual advice for its code would
 * be wrong.
 */
export type Problem = {
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly reference?: string;
  readonly whatToDo?: string;
};

/** The problem with this code, with its status and title from the table. */
export function problemOf(code: ErrorCode, detail: string): Problem {
  return { ...serviceErrors[code], code, detail };
}
