package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

// cors: the imports
// /cors

// cors: the top level of main.go
// /cors

func respond(w http.ResponseWriter, value any) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(value)
}

func threads(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api/threads/thr_1" {
		http.NotFound(w, r)
		return
	}
	respond(w, map[string]string{"title": "Invoices"})
}

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { respond(w, "up") })
	http.HandleFunc("/api/threads/", threads)
	var handler http.Handler = http.DefaultServeMux
	// cors: main(), in front of ListenAndServe
	// /cors
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}
