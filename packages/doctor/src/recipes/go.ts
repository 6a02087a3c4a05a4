import { MIDDLEWARE_CAUSES } from "./middleware.ts";
import type { Need, Recipe } from "./recipe.ts";

const quote = (text: string) => JSON.stringify(text);

function wrapperText({ origin, methods, headers, credentials }: Need): string {
  const allowCredentials = '\t\theader.Set("Access-Control-Allow-Credentials", "true")\n';
  const allowHeaders = `\t\t\theader.Set("Access-Control-Allow-Headers", ${quote(headers.join(", "))})\n`;
  return `// In the imports:
import "runtime/debug"
// In the top level of main.go:
func allowCORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", ${quote(origin)})
${credentials ? allowCredentials : ""}		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			header.Set("Access-Control-Allow-Methods", ${quote(methods.join(", "))})
${headers.length > 0 ? allowHeaders : ""}			w.WriteHeader(http.StatusNoContent)
			return
		}
		defer func() {
			switch failure := recover(); failure {
			case nil:
			case http.ErrAbortHandler:
				panic(failure)
			default:
				log.Printf("%s %s: %v\\n%s", r.Method, r.URL.Path, failure, debug.Stack())
				http.Error(w, "internal error", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
// In main(), in front of ListenAndServe:
handler = allowCORS(handler)
`;
}

/** Changes for Go's `net/http`. */
export const GO: readonly Recipe[] = [
  {
    id: "go/wrapper",
    server: "go",
    causes: [...MIDDLEWARE_CAUSES, "no-answer"],
    where:
      "around the `handler` that `ListenAndServe` is given, in place of all other CORS code; the file imports `log` and `net/http`",
    language: "go",
    text: wrapperText,
  },
  {
    id: "go/reverse-proxy",
    server: "go",
    causes: ["added-twice"],
    where:
      "after the `httputil.ReverseProxy` is made, here `proxy`: it adds what the upstream says to what is set",
    language: "go",
    text: () => `proxy.ModifyResponse = func(answer *http.Response) error {
	answer.Header.Del("Access-Control-Allow-Origin")
	answer.Header.Del("Access-Control-Allow-Credentials")
	answer.Header.Del("Access-Control-Expose-Headers")
	return nil
}
`,
  },
];
