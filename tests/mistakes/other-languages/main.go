package main

import "fmt"

type Order struct { ID int }

func main() {
	fmt.Println("x")
}
