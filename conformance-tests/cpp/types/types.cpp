// A type is the same in a program and in the libraries that it opens, and between two of those, however each is linked.
#include "check.hpp"
#include "shared.hpp"

#include <dlfcn.h>
#include <map>

static const Library &opened(const char *name)
{
    std::string path = program_path;
    path = path.substr(0, path.rfind('/') + 1) + name;
    // Local: neither sees the other's symbols.
    void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        throw std::runtime_error(dlerror());
    return *reinterpret_cast<const Library *(*)()>(dlsym(library, "types_library"))();
}

static const Library &one()
{
    static const Library &library = opened("plugin_one.so");
    return library;
}

static const Library &other()
{
    static const Library &library = opened("plugin_other.so");
    return library;
}

TEST(an_exception_of_a_library_is_caught)
{
    THROWS(one().throw_error(5), Error, EQ(caught.code, 5));
    THROWS(other().throw_error(6), std::runtime_error, EQ(std::string(caught.what()), "from a library"));
    THROWS(one().throw_hidden(), Hidden, EQ(caught.value, 3));
    THROWS(one().throw_colour(), Colour, IS(caught == Colour::green));
    try {
        one().throw_pointer();
        IS(false);
    } catch (const Shape *shape) {
        EQ(shape->name(), "circle");
    }
}

TEST(an_exception_of_the_program_and_of_the_other_library_is_caught_by_a_library)
{
    IS(one().catches([] { throw Error(5); }));
    IS(one().catches([] { other().throw_error(5); }));
    IS(other().catches([] { one().throw_error(5); }));
}

TEST(objects_of_a_library_are_cast)
{
    Shape *shape = one().make_circle();
    EQ(shape->name(), "circle");
    Circle *circle = dynamic_cast<Circle *>(shape);
    IS(circle != nullptr);
    Round *round = dynamic_cast<Round *>(shape);
    IS(round != nullptr && round->radius == 7);
    IS(dynamic_cast<Shape *>(round) == shape);
    IS(dynamic_cast<void *>(round) != nullptr);
    IS(dynamic_cast<Box<int> *>(shape) == nullptr);
    IS(typeid(*shape) == typeid(Circle));
    IS(typeid(*shape) != typeid(Shape));
    delete shape;
    std::any value = other().make_any();
    EQ(std::any_cast<Box<std::string> &>(value).value, "boxed");
}

TEST(type_information_is_equal_and_hashes_alike)
{
    std::map<std::type_index, int> count;
    for (const Library *library : {&one(), &other()}) {
        IS(*library->error == typeid(Error));
        IS(*library->box == typeid(Box<int *>));
        IS(*library->function == typeid(void (*)(Error)));
        IS(*library->hidden == typeid(Hidden));
        IS(*library->local == of_local_type());
        EQ(library->error->hash_code(), typeid(Error).hash_code());
        IS(!library->error->before(typeid(Error)) && !typeid(Error).before(*library->error));
        count[*library->error]++;
        count[typeid(Error)]++;
    }
    EQ(count.size(), 1U);
}

// libstdc++ knows them by a mark that GCC puts before the name and clang does not.
#if HOST != HOST_glibc
TEST(types_of_one_file_stay_different)
{
    IS(*one().own != typeid(Own));
    IS(*one().own != *other().own);
    IS(*one().around_own != typeid(Around<Own>));
    IS(*one().local_of_static != *other().local_of_static);
    // Ordered one way or the other, so that a map has them apart.
    IS(one().own->before(typeid(Own)) != typeid(Own).before(*one().own));
    std::map<std::type_index, int> count;
    for (const std::type_info *type : {one().own, other().own, &typeid(Own), one().around_own, &typeid(Around<Own>)})
        count[*type]++;
    EQ(count.size(), 5U);
    bool caught_own = false;
    try {
        one().throw_own();
    } catch (const Own &) {
        caught_own = true;
    } catch (...) {
    }
    IS(!caught_own);
}
#endif
