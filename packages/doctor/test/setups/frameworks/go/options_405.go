package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

// cors: the imports
// /cors

// cors: the top level of main.go
// /cors

func me(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", os.Getenv("PAGE_ORIGIN"))
	fmt.Fprintln(w, `{"name":"Ada"}`)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/me", me)
	var handler http.Handler = mux
	// cors: main(), in front of ListenAndServe
	// /cors
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}
