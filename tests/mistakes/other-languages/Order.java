package com.example;

import java.util.List;

public class Order {
  private int id;
  public int getId() { return id; }
}
