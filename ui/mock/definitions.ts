const OPERATIONS = ['list', 'create', 'get', 'replace', 'remove']

function openapi(name: string, description: string): string {
  const noun = name.replace(/-api$|-feed$/, '')
  const path = (suffix: string, operation: string, method: string) =>
    `  /${noun}${suffix}:
    ${method}:
      operationId: ${operation}-${noun}
      responses:
        '200':
          description: Done.
        default:
          $ref: '#/components/responses/Problem'`
  return `openapi: 3.1.0
info:
  title: ${name}
  version: 1.4.0
  description: ${description}
servers:
  - url: https://api.lumenrail.example/${noun}
paths:
${OPERATIONS.map((operation, index) => path(index < 2 ? '' : `/{id}/${operation}`, operation, index === 1 ? 'post' : 'get')).join('\n')}
components:
  responses:
    Problem:
      description: What went wrong, as application/problem+json.
`
}

function asyncapi(name: string, description: string): string {
  return `asyncapi: 3.0.0
info:
  title: ${name}
  version: 2.0.0
  description: ${description}
channels:
  ${name}:
    address: lumen.${name.replaceAll('-', '.')}
    messages:
      changed:
        payload:
          type: object
          required: [id, at]
`
}

const grpc = (name: string, description: string): string => `syntax = "proto3";

package lumen.${name.replace(/-.*/, '')}.v1;

// ${description}
service ${name.replace(/-.*/, '').replace(/^./, (letter) => letter.toUpperCase())} {
  rpc Find(FindRequest) returns (stream FindResponse);
}

message FindRequest {
  string query = 1;
}

message FindResponse {
  string id = 1;
}
`

const graphql = (description: string): string => `"""${description}"""
type Query {
  journey(id: ID!): Journey
  departures(station: ID!, first: Int = 20): [Departure!]!
}

type Journey {
  id: ID!
  tickets: [Ticket!]!
}
`

/** A believable definition of an API of a type. */
export function definitionOf(type: string, name: string, description: string): string {
  if (type === 'grpc') return grpc(name, description)
  if (type === 'graphql') return graphql(description)
  if (type === 'asyncapi') return asyncapi(name, description)
  return openapi(name, description)
}
