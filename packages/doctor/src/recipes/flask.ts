import { listOf, MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

const corsText = ({
  origin,
  methods,
  headers,
  credentials,
}: Need) => `from flask_cors import CORS  # pip install flask-cors
from werkzeug.exceptions import HTTPException

CORS(
    app,
    origins=${listOf([origin])},
    methods=${listOf(methods)},
    allow_headers=${listOf(headers)},${credentials ? "\n    supports_credentials=True," : ""}
)


@app.errorhandler(Exception)
def readable_failure(error):
    if isinstance(error, HTTPException):
        return error
    app.logger.exception(error)
    return {"error": "internal_error"}, 500
`;

/** Changes for Flask. */
export const FLASK: readonly Recipe[] = [
  {
    id: "flask/slashes",
    server: "flask",
    causes: ["redirect"],
    where: "directly after `app = Flask(…)`, in front of the routes: `/path` and `/path/` are then the same",
    language: "python",
    text: () => "app.url_map.strict_slashes = False\n",
  },
  {
    id: "flask/cors-and-failures",
    server: "flask",
    causes: MIDDLEWARE_CAUSES.filter((cause) => cause !== "redirect"),
    // flask-cors takes brackets, those of IPv6 as well, for a regular expression.
    fits: ({ origin }) => !origin.includes("["),
    where:
      "directly after `app = Flask(…)`, in front of the routes, and in place of all other CORS code; the error handler keeps exceptions from the debugger, whose page has no CORS headers",
    language: "python",
    text: corsText,
  },
];
