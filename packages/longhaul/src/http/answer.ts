import type { Issue } from '../core/index.js'
import { asProblem, type Problem } from '../protocol/index.js'

/** Answers about jobs belong to one caller and change: they may be kept, but must be asked about again. */
const privateHeaders = {
  'cache-control': 'private, no-cache',
  vary: 'Authorization, Cookie',
}

export function answerJson(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...privateHeaders, ...headers },
  })
}

export function answerNothing(
  status: 204 | 304,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(null, { status, headers: { ...privateHeaders, ...headers } })
}

/** An error as problem details, with the headers that its status calls for. */
export function answerProblem(
  error: unknown,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const problem = shortened(asProblem(error, requestId))
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'private, no-store',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(problem.status === 503 ? { 'retry-after': '1' } : {}),
      // By then somebody may have gone.
      ...(problem.status === 429 ? { 'retry-after': '60' } : {}),
      // The rest of a body that was refused is not waited for.
      ...(problem.status === 413 || problem.status === 415 ? { connection: 'close' } : {}),
      ...headers,
    },
  })
}

const mostIssues = 15
const mostCharacters = { detail: 1000, pointer: 200, message: 200 }

/** However much of a request is wrong, and however long its names are: what refuses it stays small. */
function shortened({ detail, errors, ...problem }: Problem): Problem {
  return {
    ...problem,
    detail: cut(detail, mostCharacters.detail),
    ...(errors === undefined ? {} : { errors: errors.slice(0, mostIssues).map(shortenedIssue) }),
  }
}

function shortenedIssue({ pointer, code, message }: Issue): Issue {
  return {
    pointer: cut(pointer, mostCharacters.pointer),
    code,
    message: cut(message, mostCharacters.message),
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
