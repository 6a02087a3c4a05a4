package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

// cors: the imports
// /cors

type thread struct{ Title string }

var threads = map[string]*thread{"thr_1": {"Invoices"}}

// cors: the top level of main.go
func withCORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", os.Getenv("PAGE_ORIGIN"))
		w.Header().Set("Access-Control-Allow-Headers", "Authorization")
		if r.Method == http.MethodOptions {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// /cors

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/thread", func(w http.ResponseWriter, r *http.Request) {
		title := threads[r.URL.Query().Get("id")].Title
		json.NewEncoder(w).Encode(map[string]string{"title": title})
	})
	var handler http.Handler = mux
	// cors: main(), in front of ListenAndServe
	handler = withCORS(handler)
	// /cors
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}
