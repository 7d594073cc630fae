//! OpenAPI operations of one path.

use catalogue_api::{ApiRoute, HealthView, Parameter, ParameterKind, ProblemView, ServedResource};
use pipeline::view::{
    BastionsView, CoverageView, DetailView, GapsView, PageView, ReviewQueueView, SessionDetailView, SessionPageView,
    SummaryView,
};
use serde_json::{Map, Value, json};

use crate::document::schemas::Schemas;

/// Operations of a route by method.
pub fn for_route(route: &ApiRoute, schemas: &mut Schemas) -> Value {
    let (name, shown, example) = match route.shown {
        ServedResource::Recordings => ("listRecordings", schemas.reference::<PageView<'_>>(), ""),
        ServedResource::Recording => ("getRecording", schemas.reference::<DetailView<'_>>(), "recording-id"),
        ServedResource::Sessions => ("listSessions", schemas.reference::<SessionPageView>(), ""),
        ServedResource::Session => ("getSession", schemas.reference::<SessionDetailView<'_>>(), "tunnel-id"),
        ServedResource::Reviews => ("getReviews", schemas.reference::<ReviewQueueView<'_>>(), ""),
        ServedResource::Gaps => ("getGaps", schemas.reference::<GapsView<'_>>(), ""),
        ServedResource::Bastions => ("getBastions", schemas.reference::<BastionsView<'_>>(), ""),
        ServedResource::Summary => ("getSummary", schemas.reference::<SummaryView<'_>>(), ""),
        ServedResource::Coverage => ("getCoverage", schemas.reference::<CoverageView>(), ""),
        ServedResource::Health => ("getHealth", schemas.reference::<HealthView<'_>>(), ""),
        ServedResource::OpenApi => ("getDocument", json!({ "type": "object" }), ""),
    };
    let in_its_path = json!({ "type": "string", "minLength": 1, "maxLength": 128, "format": example });
    let mut parameters: Vec<Value> = in_path(route.path, &in_its_path).into_iter().collect();
    parameters.extend(route.parameters.iter().map(in_query));
    parameters.push(json!({
        "name": "If-None-Match", "in": "header",
        "description": "`ETag` of an earlier response; if nothing has changed, the response is 304.",
        "schema": { "type": "string" },
    }));
    let problem = schemas.reference::<ProblemView>();
    let missing = (!example.is_empty()).then_some(("404", "Not found."));
    let operation = |id: &str, body: Option<&Value>, problem: Option<&Value>| {
        json!({
            "operationId": id,
            "summary": route.says,
            "parameters": parameters,
            "responses": responses(body, problem, missing),
        })
    };
    json!({
        "get": operation(name, Some(&shown), Some(&problem)),
        "head": operation(&name.replacen("get", "probe", 1).replacen("list", "probe", 1), None, None),
        "options": {
            "operationId": format!("{name}Methods"),
            "summary": "Lists the allowed methods.",
            // `OPTIONS` does not depend on the value of the path parameter.
            "parameters": in_path(route.path, &json!({ "type": "string" })).into_iter().collect::<Vec<_>>(),
            "responses": { "204": {
                "description": "Allowed methods.",
                "headers": { "Allow": { "required": true, "schema": { "type": "string" } } },
            } },
        },
    })
}

fn responses(body: Option<&Value>, problem: Option<&Value>, missing: Option<(&str, &str)>) -> Value {
    let content = |kind: &str, schema: Option<&Value>| schema.map(|schema| json!({ kind: { "schema": schema } }));
    let headers = json!({
        "ETag": { "required": true, "description": "Strong validator of this response body.", "schema": { "type": "string" } },
        "Cache-Control": { "required": true, "schema": { "type": "string" } },
    });
    let mut responses = Map::new();
    let mut add = |status: &str, says: &str, headers: Option<&Value>, content: Option<Value>| {
        let mut response = json!({ "description": says });
        if let Some(headers) = headers {
            response["headers"] = headers.clone();
        }
        if let Some(content) = content {
            response["content"] = content;
        }
        responses.insert(status.to_owned(), response);
    };
    add("200", "Success.", Some(&headers), content("application/json", body));
    add("304", "Nothing has changed.", Some(&headers), None);
    let problems = [("400", "Invalid parameters; `parameters` lists every one.")];
    let later =
        [("500", "The stored data cannot be read."), ("503", "The catalogue cannot be reached; try again later.")];
    for (status, says) in problems.into_iter().chain(missing).chain(later) {
        add(status, says, None, content("application/problem+json", problem));
    }
    Value::Object(responses)
}

fn in_path(path: &str, schema: &Value) -> Option<Value> {
    let name = path.split_once('{')?.1.strip_suffix('}')?;
    Some(json!({ "name": name, "in": "path", "required": true, "schema": schema }))
}

fn in_query(parameter: &Parameter) -> Value {
    json!({
        "name": parameter.name, "in": "query", "description": parameter.says, "schema": schema(parameter.kind),
    })
}

fn schema(kind: ParameterKind) -> Value {
    let time = || json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
    let cursor = |format: &str| json!({ "type": "string", "minLength": 1, "format": format });
    match kind {
        ParameterKind::Text(longest) => json!({ "type": "string", "minLength": 1, "maxLength": longest }),
        ParameterKind::Word(words) => json!({ "type": "string", "enum": words }),
        ParameterKind::Number(most) => json!({ "type": "integer", "minimum": 1, "maximum": most }),
        ParameterKind::Begin | ParameterKind::End => time(),
        ParameterKind::Search => json!({ "type": "string", "minLength": 1, "format": "recordings-search" }),
        ParameterKind::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" }),
        ParameterKind::Day => json!({ "type": "string", "format": "date" }),
        ParameterKind::RecordingsCursor => cursor("recordings-cursor"),
        ParameterKind::SessionsCursor => cursor("sessions-cursor"),
        ParameterKind::ReviewsCursor => cursor("reviews-cursor"),
    }
}
