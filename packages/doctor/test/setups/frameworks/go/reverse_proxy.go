package main

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
)

func withCORS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", os.Getenv("PAGE_ORIGIN"))
		next.ServeHTTP(w, r)
	})
}

func models(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, `["small","large"]`)
}

func main() {
	// The service behind it allows pages of its own accord.
	mux := http.NewServeMux()
	mux.HandleFunc("/api/models", models)
	service := httptest.NewServer(withCORS(mux))
	target, err := url.Parse(service.URL)
	if err != nil {
		log.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	// cors
	// /cors
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), withCORS(proxy)))
}
