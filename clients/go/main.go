// The gRPC service from Go, streamed, with each member's progress on stderr.
//
// Needs Go 1.24, protoc, and the stubs that go generate makes of ../../proto:
//
//	go install tool && go generate && go run . "What is the capital of France?"
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	momv1 "mom-example/mom/v1"
)

//go:generate protoc -I ../../proto --go_out=. --go-grpc_out=. mom/v1/chat.proto mom/v1/mom_service.proto

func main() {
	question := "What is the capital of France?"
	if len(os.Args) > 1 {
		question = os.Args[1]
	}
	if err := ask(question); err != nil {
		log.Fatal(err)
	}
}

func ask(question string) error {
	address := os.Getenv("GRPC_ADDRESS")
	if address == "" {
		address = "127.0.0.1:50051"
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel() // stops every model that still writes

	stream, err := momv1.NewMomServiceClient(connection).SynthesizeStream(ctx, request(question))
	if err != nil {
		return err
	}
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch event := message.Event.(type) {
		case *momv1.SynthesizeStreamResponse_Delta:
			fmt.Print(event.Delta.Text)
		case *momv1.SynthesizeStreamResponse_CandidateFinished:
			fmt.Fprintf(os.Stderr, "[%s: %s]\n", event.CandidateFinished.Model, event.CandidateFinished.State)
		case *momv1.SynthesizeStreamResponse_Completed:
			fmt.Fprintf(os.Stderr, "\n[answered by %s]\n", event.Completed.AnsweredBy)
		}
	}
}

func request(question string) *momv1.SynthesizeStreamRequest {
	part := &momv1.ContentPart{Part: &momv1.ContentPart_Text{Text: question}}
	message := &momv1.Message{Role: momv1.Role_ROLE_USER, Content: []*momv1.ContentPart{part}}
	return &momv1.SynthesizeStreamRequest{
		Request: &momv1.SynthesizeRequest{
			Model: "mom",
			Input: &momv1.ChatInput{Messages: []*momv1.Message{message}},
		},
		IncludeProgress: true,
	}
}
