"""A collector of OpenTelemetry, on a free port: prints the port, and ends when its standard input does.

Takes traces and logs by OTLP over HTTP as JSON, and reads them by the published schema: what it does not know is refused. GET /received gives back what came.
"""

import base64
import http.server
import itertools
import json
import os
import sys
import threading

from google.protobuf import json_format
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

REQUESTS = {"/v1/traces": ExportTraceServiceRequest, "/v1/logs": ExportLogsServiceRequest}
RECEIVED = []
COUNT = itertools.count()
# Ids are hexadecimal in OTLP, and base64 in the JSON of protocol buffers. Their lengths in bytes:
IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def with_ids(value):
    if isinstance(value, list):
        return [with_ids(one) for one in value]
    if not isinstance(value, dict):
        return value
    for name, length in IDS.items():
        if name in value:
            raw = bytes.fromhex(value[name])
            if len(raw) != length or not any(raw):
                raise ValueError(f"{name} {value[name]} has not {length} bytes")
            value[name] = base64.b64encode(raw).decode()
    return {name: with_ids(one) for name, one in value.items()}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.reply(200, RECEIVED)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        kind = REQUESTS.get(self.path)
        if self.headers.get("api-key") == "busy" and next(COUNT) == 0:
            return self.reply(503, {"message": "later"}, {"retry-after": "0"})
        if kind is None or self.headers["content-type"] != "application/json":
            return self.reply(404, {"message": "no such signal"})
        try:
            json_format.ParseDict(with_ids(json.loads(json.dumps(body))), kind())
        except (json_format.ParseError, ValueError) as error:
            return self.reply(400, {"message": str(error)})
        RECEIVED.append({"path": self.path, "key": self.headers.get("api-key"), "body": body})
        self.reply(200, {"partialSuccess": {"rejectedSpans": "1", "errorMessage": "too old"}} if self.headers.get("api-key") == "picky" else {})

    def reply(self, status, value, headers={}):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
os._exit(0)
