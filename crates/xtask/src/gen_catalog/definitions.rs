//! Interface definitions: OpenAPI, AsyncAPI, GraphQL and Protocol Buffers, small and large.

use std::fmt::Write as _;

use super::chance::Chance;
use super::names::title;

const THINGS: [&str; 24] = [
    "account",
    "address",
    "agreement",
    "balance",
    "card",
    "carrier",
    "charge",
    "customer",
    "discount",
    "document",
    "event",
    "invoice",
    "item",
    "limit",
    "member",
    "offer",
    "order",
    "parcel",
    "payment",
    "price",
    "refund",
    "shipment",
    "statement",
    "ticket",
];
const FIELDS: [(&str, &str); 12] = [
    ("id", "string"),
    ("status", "string"),
    ("createdAt", "string"),
    ("amount", "integer"),
    ("currency", "string"),
    ("reference", "string"),
    ("active", "boolean"),
    ("quantity", "integer"),
    ("note", "string"),
    ("externalId", "string"),
    ("updatedAt", "string"),
    ("priority", "integer"),
];

/// How many things a definition describes: mostly two or three, now and then all of them.
fn things(chance: &mut Chance) -> Vec<&'static str> {
    let most = 1 + chance.popular(THINGS.len());
    let count = 1 + chance.popular(most);
    let first = chance.below(THINGS.len());
    (0..count)
        .map(|step| THINGS[(first + step) % THINGS.len()])
        .collect()
}

/// A definition of the API `name` in the language of its `spec.type`.
pub(super) fn definition(kind: &str, name: &str, chance: &mut Chance) -> String {
    let things = things(chance);
    let mut text = String::with_capacity(things.len() * 900);
    let written = match kind {
        "openapi" => openapi(&mut text, name, &things, chance),
        "asyncapi" => asyncapi(&mut text, name, &things, chance),
        "graphql" => graphql(&mut text, &things, chance),
        _ => protobuf(&mut text, name, &things, chance),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
    text
}

fn fields(chance: &mut Chance) -> Vec<(&'static str, &'static str)> {
    let count = 3 + chance.below(FIELDS.len() - 3);
    FIELDS[..count].to_vec()
}

fn openapi(out: &mut String, name: &str, things: &[&str], chance: &mut Chance) -> std::fmt::Result {
    let title = title(name);
    writeln!(
        out,
        "openapi: 3.0.3\ninfo:\n  title: {title}\n  version: 1.{}.0",
        chance.below(40)
    )?;
    writeln!(
        out,
        "servers:\n  - url: https://{name}.example.com/v1\npaths:"
    )?;
    for thing in things {
        writeln!(
            out,
            "  /{thing}s:\n    get:\n      operationId: list_{thing}s"
        )?;
        writeln!(
            out,
            "      summary: List {thing}s\n      parameters:\n        - name: limit"
        )?;
        writeln!(
            out,
            "          in: query\n          schema: {{ type: integer, maximum: 200 }}"
        )?;
        writeln!(
            out,
            "      responses:\n        '200':\n          description: A page of {thing}s"
        )?;
        writeln!(
            out,
            "          content:\n            application/json:\n              schema:"
        )?;
        writeln!(out, "                type: array\n                items:")?;
        writeln!(
            out,
            "                  $ref: '#/components/schemas/{thing}'"
        )?;
        writeln!(
            out,
            "  /{thing}s/{{id}}:\n    get:\n      operationId: get_{thing}"
        )?;
        writeln!(
            out,
            "      summary: Read one {thing}\n      parameters:\n        - name: id"
        )?;
        writeln!(
            out,
            "          in: path\n          required: true\n          schema: {{ type: string }}"
        )?;
        writeln!(
            out,
            "      responses:\n        '200':\n          description: The {thing}"
        )?;
        writeln!(
            out,
            "        '404':\n          description: There is no such {thing}"
        )?;
    }
    writeln!(out, "components:\n  schemas:")?;
    for thing in things {
        writeln!(
            out,
            "    {thing}:\n      type: object\n      required: [id]\n      properties:"
        )?;
        for (field, kind) in fields(chance) {
            writeln!(out, "        {field}:\n          type: {kind}")?;
        }
    }
    Ok(())
}

fn asyncapi(
    out: &mut String,
    name: &str,
    things: &[&str],
    chance: &mut Chance,
) -> std::fmt::Result {
    let title = title(name);
    writeln!(
        out,
        "asyncapi: 2.6.0\ninfo:\n  title: {title}\n  version: 0.{}.0",
        1 + chance.below(30)
    )?;
    writeln!(
        out,
        "servers:\n  production:\n    url: kafka.example.com:9092\n    protocol: kafka\nchannels:"
    )?;
    for thing in things {
        writeln!(
            out,
            "  {name}.{thing}.changed:\n    subscribe:\n      operationId: on_{thing}_changed"
        )?;
        writeln!(
            out,
            "      message:\n        $ref: '#/components/messages/{thing}_changed'"
        )?;
    }
    writeln!(out, "components:\n  messages:")?;
    for thing in things {
        writeln!(
            out,
            "    {thing}_changed:\n      payload:\n        type: object\n        properties:"
        )?;
        for (field, kind) in fields(chance) {
            writeln!(out, "          {field}:\n            type: {kind}")?;
        }
    }
    Ok(())
}

fn graphql(out: &mut String, things: &[&str], chance: &mut Chance) -> std::fmt::Result {
    writeln!(out, "type Query {{")?;
    for thing in things {
        writeln!(
            out,
            "  {thing}(id: ID!): {}\n  {thing}s(first: Int = 20, after: String): [{0}!]!",
            title(thing)
        )?;
    }
    writeln!(out, "}}")?;
    for thing in things {
        writeln!(
            out,
            "\n\"\"\"What the company knows about one {thing}.\"\"\"\ntype {} {{",
            title(thing)
        )?;
        for (field, kind) in fields(chance) {
            writeln!(
                out,
                "  {field}: {}",
                match (field, kind) {
                    ("id", _) => "ID!",
                    (_, "integer") => "Int",
                    (_, "boolean") => "Boolean!",
                    _ => "String",
                }
            )?;
        }
        writeln!(out, "}}")?;
    }
    Ok(())
}

fn protobuf(
    out: &mut String,
    name: &str,
    things: &[&str],
    chance: &mut Chance,
) -> std::fmt::Result {
    let package = name.replace('-', "_");
    writeln!(
        out,
        "syntax = \"proto3\";\n\npackage example.{package}.v1;\n"
    )?;
    for thing in things {
        let thing_title = title(thing);
        writeln!(out, "service {thing_title}s {{\n  // Reads one {thing}.")?;
        writeln!(
            out,
            "  rpc Get{thing_title}(Get{thing_title}Request) returns ({thing_title});"
        )?;
        writeln!(
            out,
            "  rpc Watch{thing_title}s(Get{thing_title}Request) returns (stream {thing_title});\n}}\n"
        )?;
        writeln!(
            out,
            "message Get{thing_title}Request {{\n  string id = 1;\n}}\n\nmessage {thing_title} {{"
        )?;
        for (tag, (field, kind)) in fields(chance).into_iter().enumerate() {
            let kind = match kind {
                "integer" => "int64",
                "boolean" => "bool",
                _ => "string",
            };
            writeln!(out, "  {kind} {field} = {};", tag + 1)?;
        }
        writeln!(out, "}}\n")?;
    }
    Ok(())
}
